#pragma once

#include <cstdint>
#include <span>

#include "core/table/bucket_store.hpp"

namespace kadsim {

/// The buckets of all nodes of a simulated network, those of time 0 filled by the rule of the
/// design; nodes that join later have owned buckets only.
class NetworkTables : public BucketStore {
 public:
  /// Asks for the memory that will be touched by reading this bucket and, if it is not full, those
  /// behind it and as many before as it takes for k contacts: stages 0, 1 and 2, each when what the
  /// stage before asked for has come. Stage 3 returns the contacts themselves, if they are as cheap
  /// to come by, so that what is known of them can be asked for; the other stages return none.
  virtual std::span<const PeerRef> prefetch(PeerRef owner, unsigned index,
                                            unsigned stage) const = 0;

  /// Contacts in all tables of time 0.
  [[nodiscard]] virtual std::uint64_t contacts() const = 0;
  /// Memory that the tables of time 0 take.
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
};

}  // namespace kadsim

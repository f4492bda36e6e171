#pragma once

#include <cstdint>

#include "core/table/bucket_store.hpp"

namespace kadsim {

/// The buckets of all nodes of a simulated network, those of time 0 filled by the rule of the
/// design; nodes that join later have owned buckets only.
class NetworkTables : public BucketStore {
 public:
  /// Contacts in all tables of time 0.
  [[nodiscard]] virtual std::uint64_t contacts() const = 0;
  /// Memory that the tables of time 0 take.
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
};

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/world/derived_scratch.hpp"
#include "sim/world/network_tables.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// Buckets that are not kept but filled when they are read, by the function that fills
/// ArenaBuckets: for networks whose tables outgrow memory. A changed bucket gets a private copy on
/// top, and its owner is read bucket by bucket from then on; all other nodes keep the fast path
/// (`around`).
///
/// Two reads of the index of ranks find the subtree of a bucket. A bucket that is not full holds
/// all nodes of its subtree; a full one takes a draw and O(k) steps. The depth of a table follows
/// from the longest prefix that its owner shares with a neighbour in rank. Nodes take no memory.
/// Reading writes to the scratch space, so these buckets are not for several threads at once, and a
/// span is valid until the next call, as in the contract of BucketStore. Population and scratch
/// space outlive them.
class DerivedBuckets final : public NetworkTables {
 public:
  /// The filler in `scratch` is one for buckets of k contacts. Counts all contacts, in O(nodes /
  /// k).
  DerivedBuckets(const Population& population, unsigned k, DerivedScratch& scratch);

  [[nodiscard]] std::span<const PeerRef> bucket(PeerRef owner, unsigned index) const override;
  [[nodiscard]] unsigned depth(PeerRef owner) const override;
  [[nodiscard]] std::optional<std::span<const PeerRef>> around(PeerRef owner, unsigned index,
                                                               std::size_t count) const override;
  std::span<const PeerRef> prefetch(PeerRef owner, unsigned index, unsigned stage) const override;
  KBucket& edit(PeerRef owner, unsigned index) override;

  [[nodiscard]] std::uint64_t contacts() const override { return contacts_; }
  [[nodiscard]] std::uint64_t bytes() const override { return 0; }

 private:
  /// Writes the bucket of a node of time 0 behind the first `found` contacts of the scratch, and
  /// returns how many contacts there are then.
  std::size_t derive(PeerRef owner, unsigned index, std::size_t found) const;
  [[nodiscard]] std::span<const PeerRef> derive(PeerRef owner, unsigned index) const;
  [[nodiscard]] unsigned initial_depth(PeerRef owner) const;

  const Population& population_;
  unsigned k_;
  std::uint64_t contacts_;
  DerivedScratch& scratch_;
  OwnedBuckets changed_;
};

}  // namespace kadsim

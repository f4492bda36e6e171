#pragma once

#include <vector>

#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/peer.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// The true answer of a lookup: which nodes are closest to a target, found by descending the
/// subtrees of the identifier space, whose nodes of time 0 are a range of ranks, and whose joiners
/// are a range of `Joiners`.
class ClosestNodes final : public LookupOracle {
 public:
  explicit ClosestNodes(const Population& population) : population_(population) {}

  /// Sets `out` to the `count` reachable nodes closest to `target`, nearest first, `except` left
  /// out; fewer if there are fewer. O(count log count + log j) on average, with j joiners.
  void find(const Hash& target, std::size_t count, PeerRef except, std::vector<PeerRef>& out) const;

  /// Whether fewer than `count` nodes are nearer to `target` than `peer` is. Unreachable nodes
  /// count as well: whether a table knows a node does not depend on whether it answers. O(log n),
  /// and O(log² j) with j joiners.
  bool is_among_closest(PeerRef peer, const Hash& target, unsigned count) override;

 private:
  const Population& population_;
  mutable std::vector<PeerRef> near_;  // scratch, as is sorted_
  mutable ContactsByDistance sorted_;
};

}  // namespace kadsim

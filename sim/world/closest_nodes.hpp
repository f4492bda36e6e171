#pragma once

#include <vector>

#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/peer.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// The true answer of a lookup: which nodes are closest to a target, found by descending the sorted
/// ranks.
class ClosestNodes final : public LookupOracle {
 public:
  explicit ClosestNodes(const Population& population) : population_(population) {}

  /// Sets `out` to the `count` reachable nodes closest to `target`, nearest first, `except` left
  /// out; fewer if there are fewer. O(count log count) on average, joiners counted in.
  void find(const Hash& target, std::size_t count, PeerRef except, std::vector<PeerRef>& out) const;

  /// Counts how many nodes are nearer, unreachable ones included: whether a table knows a node does
  /// not hang on whether it answers. O(log n), plus the number of joiners.
  bool is_among_closest(PeerRef peer, const Hash& target, unsigned count) override;

 private:
  const Population& population_;
  mutable std::vector<PeerRef> near_;  // scratch, as is sorted_
  mutable ContactsByDistance sorted_;
};

}  // namespace kadsim

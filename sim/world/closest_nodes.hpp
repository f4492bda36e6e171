#pragma once

#include <vector>

#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/peer.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// The true answer of a lookup: which nodes are closest to a target, found by descending the sorted ranks.
class ClosestNodes final : public LookupOracle {
 public:
  explicit ClosestNodes(const Population& population) : population_(population) {}

  /// Sets `out` to the `count` reachable nodes closest to `target`, nearest first, `except` left out; fewer if there are
  /// fewer. O(count + log n), plus the number of joiners.
  void find(const Hash& target, std::size_t count, PeerRef except, std::vector<PeerRef>& out) const;

  /// Counts how many nodes are nearer, unreachable ones included: whether a table knows a node does not hang on whether
  /// it answers. O(count + log n).
  bool is_among_closest(PeerRef peer, const Hash& target, unsigned count) override;

 private:
  const Population& population_;
};

/// Appends the ranks of `range`, which is the subtree of depth `depth` that `path` lies in or next to, in order of XOR
/// distance to `target`, until `visit(rank)` returns false. Returns false if it did.
template <class Visit>
bool visit_by_distance(const RankIndex& ranks, RankRange range, unsigned depth, const Hash& target,
                       Visit&& visit) {
  while (range.size() > 1) {
    // One bit further down: the half that shares the target's bit is nearer as a whole.
    const std::uint32_t middle = ranks.split(range, depth, ranks.hash(range.first));
    const RankRange zeros{range.first, middle};
    const RankRange ones{middle, range.last};
    const RankRange near = target.bit(depth) ? ones : zeros;
    const RankRange far = target.bit(depth) ? zeros : ones;
    ++depth;
    if (far.empty()) {
      range = near;
      continue;
    }
    if (!near.empty() && !visit_by_distance(ranks, near, depth, target, visit)) return false;
    range = far;
  }
  return range.empty() || visit(range.first);
}

}  // namespace kadsim

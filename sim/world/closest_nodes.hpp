#pragma once

#include <vector>

#include "core/hash/hash.hpp"
#include "core/lookup/strategy.hpp"
#include "core/table/peer.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// The true answer of a lookup: which nodes are closest to a target, found by descending the sorted
/// ranks.
class ClosestNodes final : public LookupOracle {
 public:
  explicit ClosestNodes(const Population& population) : population_(population) {}

  /// Sets `out` to the `count` reachable nodes closest to `target`, nearest first, `except` left
  /// out; fewer if there are fewer. O(count + log n), plus the number of joiners.
  void find(const Hash& target, std::size_t count, PeerRef except, std::vector<PeerRef>& out) const;

  /// Counts how many nodes are nearer, unreachable ones included: whether a table knows a node does
  /// not hang on whether it answers. O(count + log n).
  bool is_among_closest(PeerRef peer, const Hash& target, unsigned count) override;

 private:
  const Population& population_;
};

/// Visits the ranks of `subtree` in order of XOR distance to `target`, until `visit(rank)` returns
/// false. Returns false if it did.
template <class Visit>
bool visit_by_distance(const RankIndex& ranks, Subtree subtree, const Hash& target, Visit&& visit) {
  while (subtree.ranks.size() > 1) {
    // One bit further down: the half that shares the target's bit is nearer as a whole.
    const bool bit = target.bit(subtree.depth);
    const auto [zeros, ones] = ranks.halves(subtree);
    const Subtree& near = bit ? ones : zeros;
    const Subtree& far = bit ? zeros : ones;
    if (far.ranks.empty()) {
      subtree = near;
      continue;
    }
    if (!near.ranks.empty() && !visit_by_distance(ranks, near, target, visit)) return false;
    subtree = far;
  }
  return subtree.ranks.empty() || visit(subtree.ranks.first);
}

}  // namespace kadsim

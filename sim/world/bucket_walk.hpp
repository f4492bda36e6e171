#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/world/rank_index.hpp"

namespace kadsim {

/// The subtrees of one node's buckets after the other's: what a node shares with the one before
/// stays, so that going through neighbours in rank costs O(1) each in the mean, and O(log n) for
/// the first or a distant one. Not for several threads at once. The index outlives the walk.
class BucketWalk {
 public:
  explicit BucketWalk(const RankIndex& ranks) : ranks_(ranks), own_{ranks.all()} {}

  /// Makes `rank` the node whose buckets are told.
  void go_to(std::uint32_t rank);
  /// Item i is the subtree of bucket i: of depth i + 1, next to the node's own; it may be empty.
  /// All buckets from the end on are. Valid until the walk goes on.
  [[nodiscard]] std::span<const Subtree> buckets() const { return buckets_; }

 private:
  const RankIndex& ranks_;
  std::uint32_t at_ = 0;
  std::vector<Subtree> own_;      // item d: of depth d, around the node; the last holds it alone
  std::vector<Subtree> buckets_;  // item i: next to own_[i + 1]
};

}  // namespace kadsim

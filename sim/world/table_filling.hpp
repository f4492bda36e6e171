#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "core/random/random_stream.hpp"
#include "core/table/peer.hpp"
#include "sim/world/balanced_filling.hpp"
#include "sim/world/network_options.hpp"
#include "sim/world/rank_index.hpp"

namespace kadsim {

/// How routing tables are filled at time 0.
struct TableOptions {
  Fill fill = Fill::kRandom;
  unsigned k = 20;  ///< >= 1
};

/// One bucket to be filled at time 0: its owner knows places.size() nodes of `subtree`, which has
/// at least as many.
struct BucketToFill {
  Subtree subtree;
  std::uint32_t birth = 0;  ///< of the owner: keys the draws, with the subtree's depth
  const Hash* owner = nullptr;
  std::span<PeerRef> places;  ///< where the contacts go; at most k
};

/// Fills buckets, one at a time. The contacts of a bucket are a pure function of seed, options and
/// bucket, so that tables may be built by any number of threads, or derived when they are read. A
/// filler remembers only work that buckets of neighbours share. No contact appears twice in a
/// bucket. The order of the contacts follows from the same function and means nothing.
/// - closest: the nodes nearest to the owner. O(n + log size)
/// - random: uniform without replacement (Floyd's algorithm: Bentley & Floyd, CACM 30(9), 1987).
/// O(n)
/// - balanced: see take_balanced (sim/world/balanced_rule.hpp). O(n)
/// A bucket takes one draw of the stream, keyed by the owner's birth number and the bucket's index.
/// The index of ranks outlives the filler. Not for several threads at once.
class BucketFiller {
 public:
  BucketFiller(const TableOptions& options, const RankIndex& ranks, const RandomStream& stream);

  void fill(const BucketToFill& bucket);

 private:
  void fill_closest(const BucketToFill& bucket) const;
  void fill_random(const BucketToFill& bucket);

  TableOptions options_;
  const RankIndex& ranks_;
  RandomStream stream_;
  BalancedFilling balanced_;
  unsigned closest_from_;  // a depth whose subtrees usually hold more than k nodes, not many more
  std::vector<std::uint64_t> marks_;  // of picks, by their lowest bits; all 0 between two buckets
};

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <vector>

#include "core/table/peer.hpp"
#include "sim/world/bucket_draws.hpp"
#include "sim/world/rank_index.hpp"

namespace kadsim {

/// Buckets filled by the rule of `take_balanced` (sim/world/balanced_rule.hpp), contact for contact
/// and draw for draw, but many times faster:
/// - Owners next to each other in rank share their subtrees. So the pieces of the last subtree of
///   each depth are kept; they hold what the index says, and results do not depend on it.
/// - All items of a level are halved in one plain loop, level by level, in place: item i becomes
///   the items i and i + 2^level of the next level.
/// - Where no piece is empty no half can have too few, so counts follow from the coins alone, and
///   four of them are halved at once.
///
/// Not for several threads at once. The index outlives it.
class BalancedFilling {
 public:
  /// Pre: 1 <= k <= 32767.
  BalancedFilling(const RankIndex& ranks, unsigned k);

  /// Takes `count` <= k members of `subtree`, which has more, into `places`. O(k), and O(k log n)
  /// where some halves have too few.
  void take(const Subtree& subtree, std::uint32_t count, BucketDraws& draws, PeerRef* places);

 private:
  struct Piece {
    std::uint32_t first = 0;  // rank
    std::uint32_t size = 0;
  };
  struct Cut {
    RankRange whole;  // of which subtree; empty: of none yet
    bool no_piece_empty = false;
    std::vector<Piece> pieces;        // by number
    std::vector<std::int16_t> sizes;  // item 2^l + i: size of item i of level l, or the greatest
  };

  const Cut& cut_of(const Subtree& subtree);
  void draw_coins(BucketDraws& draws);
  void split_by_coins(std::uint32_t count);
  void take_ones(const Cut& cut, BucketDraws& draws, PeerRef* places) const;
  void split_by_sizes(const Cut& cut, std::uint32_t count);
  void take_ones_then_more(const Cut& cut, const Subtree& subtree, BucketDraws& draws,
                           PeerRef* places);
  [[nodiscard]] Subtree piece_below(const Subtree& subtree, const Cut& cut,
                                    std::uint32_t number) const;

  const RankIndex& ranks_;
  unsigned levels_;
  std::uint32_t pieces_;  // 2^levels
  std::vector<Cut> by_depth_;
  std::vector<std::uint32_t> bounds_;
  // Four items a word, 16 bits each, the first in the lowest bits:
  std::vector<std::uint64_t> coins_;        // bit l of item i: the coin of item i of level l
  std::vector<std::uint64_t> four_counts_;  // item i: contacts of piece i, by `split_by_coins`
  std::vector<std::int16_t> counts_;        // the same by `split_by_sizes`
  std::vector<std::uint16_t> ones_;         // pieces that give one contact
};

}  // namespace kadsim

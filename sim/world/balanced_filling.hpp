#pragma once

#include <cstdint>
#include <vector>

#include "core/table/peer.hpp"
#include "sim/world/bucket_draws.hpp"
#include "sim/world/rank_index.hpp"

namespace kadsim {

/// Buckets filled as evenly as possible over the halves of their subtree, recursively (ProbeLab
/// RFM19.1): half from each half; an odd contact goes to a half drawn at random; a half that has
/// too few gives all, and the other takes the rest.
///
/// A subtree is cut into 2^L equal pieces at once, 2^L >= k > 2^(L-1), so that a piece gives one
/// contact at most unless others have too few. Departure: the contact of a piece is a uniform
/// member by rank; halving on to the end would favour members with few others around them.
///
/// Halves are split level by level, all of a level in one plain loop: item i of level l turns into
/// the items i (its zeros) and i + 2^l (its ones) of the next. So the index of a piece is its path
/// read backwards, and arrays of pieces are in that order.
///
/// Owners next to each other in rank share their subtrees. So the pieces of the last subtree of
/// each depth are kept; they hold what the index says, and results do not depend on it. Not for
/// several threads at once. The index outlives it.
class BalancedFilling {
 public:
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
    bool all_hold_somebody = false;
    std::vector<Piece> pieces;
    std::vector<std::int16_t> sizes;  // item 2^l + i: size of item i of level l, or the greatest
  };

  const Cut& cut_of(const Subtree& subtree);
  void draw_coins(BucketDraws& draws);
  void split(std::uint32_t count);
  void take_split(const Cut& cut, BucketDraws& draws, PeerRef* places) const;
  void split_within(const Cut& cut, std::uint32_t count);
  void take_within(const Cut& cut, const Subtree& subtree, BucketDraws& draws, PeerRef* places);

  const RankIndex& ranks_;
  unsigned levels_;
  std::uint32_t pieces_;  // 2^levels
  std::vector<Cut> by_depth_;
  std::vector<std::uint32_t> bounds_;
  // Four items a word, 16 bits each, the first in the lowest bits:
  std::vector<std::uint64_t> coins_;        // bit l of item i: the coin of item i of level l
  std::vector<std::uint64_t> four_counts_;  // item i: contacts that piece i gives, by `split`
  std::vector<std::int16_t> counts_;        // the same by `split_within`
  std::vector<std::uint16_t> ones_;         // pieces that give one contact
};

}  // namespace kadsim

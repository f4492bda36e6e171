#include "sim/world/balanced_rule.hpp"

#include <bit>
#include <vector>

namespace kadsim {
namespace {

struct Piece {
  Subtree subtree;
  std::uint32_t count = 0;  // contacts that it gives
};

std::uint32_t given_by_zeros_of(const Halves& halves, std::uint32_t count, std::uint64_t coin) {
  return static_cast<std::uint32_t>(given_by_zeros<std::int64_t>(
      count, static_cast<std::int64_t>(coin), halves.zeros.ranks.size(), halves.ones.ranks.size()));
}

// Halves item `item` of a level down to pieces.
void split(const RankIndex& ranks, const std::vector<std::uint64_t>& coins, const Piece& whole,
           std::uint32_t level, std::uint32_t item, std::vector<Piece>& pieces) {
  const std::uint32_t width = 1U << level;  // items of this level
  if (whole.count == 0) return;
  if (width == pieces.size()) {
    pieces[item] = whole;
    return;
  }
  const Halves halves = ranks.halves(whole.subtree);
  const std::uint64_t coin = (coins[item / 4] >> (16 * (item % 4) + level)) & 1;
  const std::uint32_t zeros = given_by_zeros_of(halves, whole.count, coin);
  split(ranks, coins, {halves.zeros, zeros}, level + 1, item, pieces);
  split(ranks, coins, {halves.ones, whole.count - zeros}, level + 1, item + width, pieces);
}

PeerRef* take_one(const RankRange& from, BucketDraws& draws, PeerRef* places) {
  places->value = from.first + draws.below(from.size());
  return places + 1;
}

}  // namespace

PeerRef* take_balanced(const RankIndex& ranks, std::uint32_t k, const Subtree& subtree,
                       std::uint32_t count, BucketDraws& draws, PeerRef* places) {
  std::vector<Piece> pieces(std::bit_ceil(k));
  std::vector<std::uint64_t> coins((pieces.size() / 2 + 3) / 4);
  for (std::uint64_t& four : coins) four = draws.bits();
  split(ranks, coins, {subtree, count}, 0, 0, pieces);
  for (const Piece& piece : pieces) {
    if (piece.count == 1) places = take_one(piece.subtree.ranks, draws, places);
  }
  for (const Piece& piece : pieces) {
    if (piece.count > 1) places = take_by_halves(ranks, piece.subtree, piece.count, draws, places);
  }
  return places;
}

PeerRef* take_by_halves(const RankIndex& ranks, const Subtree& subtree, std::uint32_t count,
                        BucketDraws& draws, PeerRef* places) {
  const RankRange& all = subtree.ranks;
  if (count == all.size()) {
    for (std::uint32_t rank = all.first; rank < all.last; ++rank) (places++)->value = rank;
    return places;
  }
  if (count == 0) return places;
  if (count == 1) return take_one(all, draws, places);
  const Halves halves = ranks.halves(subtree);
  const std::uint32_t zeros = given_by_zeros_of(halves, count, draws.bits() >> 63);
  places = take_by_halves(ranks, halves.zeros, zeros, draws, places);
  return take_by_halves(ranks, halves.ones, count - zeros, draws, places);
}

}  // namespace kadsim

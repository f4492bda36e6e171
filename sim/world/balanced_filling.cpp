#include "sim/world/balanced_filling.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <bit>

namespace kadsim {
namespace {

// How many of `count` contacts come from the first half: at least what the other can't give, at
// most what it has.
int from_zeros(int count, int coin, int zeros, int ones) {
  return std::min(std::max((count + coin) >> 1, count - ones), zeros);
}

std::uint32_t from_zeros(std::uint32_t count, std::uint32_t coin, const RankRange& zeros,
                         const RankRange& ones) {
  const std::uint32_t least = count > ones.size() ? count - ones.size() : 0;
  return std::min(std::max((count + coin) / 2, least), zeros.size());
}

// Where a piece gives more than one contact: on by halves, depth first.
PeerRef* take_by_halves(const RankIndex& ranks, BucketDraws& draws, Subtree subtree,
                        std::uint32_t count, PeerRef* places) {
  while (count > 1 && count < subtree.ranks.size()) {
    const auto [zeros, ones] = ranks.halves(subtree);
    const auto coin = static_cast<std::uint32_t>(draws.bits() >> 63);
    const std::uint32_t first = from_zeros(count, coin, zeros.ranks, ones.ranks);
    places = take_by_halves(ranks, draws, zeros, first, places);
    count -= first;
    subtree = ones;
  }
  if (count == subtree.ranks.size()) {
    for (std::uint32_t rank = subtree.ranks.first; rank < subtree.ranks.last; ++rank) {
      (places++)->value = rank;
    }
  } else if (count == 1) {
    (places++)->value = subtree.ranks.first + draws.below(subtree.ranks.size());
  }
  return places;
}

unsigned reversed(unsigned path, unsigned bits) {
  unsigned backwards = 0;
  for (unsigned i = 0; i < bits; ++i) backwards |= ((path >> i) & 1U) << (bits - 1 - i);
  return backwards;
}

constexpr std::uint32_t kGreatest = 0x7fff;  // more than any k

}  // namespace

BalancedFilling::BalancedFilling(const RankIndex& ranks, unsigned k)
    : ranks_(ranks),
      levels_(static_cast<unsigned>(std::bit_width(k - 1))),
      pieces_(1U << levels_),
      by_depth_(Hash::kBits + 1),
      bounds_(pieces_ + 1),
      coins_((pieces_ / 2 + 3) / 4 * 4),
      counts_(pieces_),
      ones_(pieces_ + 1) {
  KADSIM_ASSERT(k >= 1 && k <= kGreatest, "counts are 16-bit numbers");
}

const BalancedFilling::Cut& BalancedFilling::cut_of(const Subtree& subtree) {
  Cut& cut = by_depth_[subtree.depth];
  if (cut.whole == subtree.ranks) return cut;
  ranks_.cut(subtree, levels_, bounds_);
  cut.whole = subtree.ranks;
  cut.pieces.resize(pieces_);
  cut.sizes.resize(2 * std::size_t{pieces_});
  cut.all_hold_somebody = true;
  for (unsigned path = 0; path < pieces_; ++path) {
    const std::uint32_t size = bounds_[path + 1] - bounds_[path];
    cut.all_hold_somebody &= size > 0;
    cut.pieces[reversed(path, levels_)] = {bounds_[path], size};
  }
  for (unsigned i = 0; i < pieces_; ++i) {
    cut.sizes[pieces_ + i] = static_cast<std::int16_t>(std::min(cut.pieces[i].size, kGreatest));
  }
  for (unsigned width = pieces_ / 2; width > 0; width /= 2) {
    for (unsigned i = 0; i < width; ++i) {
      const std::uint32_t both = static_cast<std::uint32_t>(cut.sizes[2 * width + i]) +
                                 static_cast<std::uint32_t>(cut.sizes[3 * width + i]);
      cut.sizes[width + i] = static_cast<std::int16_t>(std::min(both, kGreatest));
    }
  }
  return cut;
}

void BalancedFilling::draw_coins(BucketDraws& draws) {
  for (std::size_t i = 0; i < coins_.size(); i += 4) {
    const std::uint64_t bits = draws.bits();
    for (unsigned lane = 0; lane < 4; ++lane) {
      coins_[i + lane] = static_cast<std::int16_t>(bits >> (16 * lane));
    }
  }
}

// For cuts whose pieces all hold somebody. Then no half has too few: l levels down it holds at
// least 2^(L-l) nodes, and as k <= 2^L, no more than that are asked of it.
void BalancedFilling::split(std::uint32_t count, BucketDraws& draws) {
  draw_coins(draws);
  std::int16_t* const counts = counts_.data();
  const std::int16_t* const coins = coins_.data();
  counts[0] = static_cast<std::int16_t>(count);
  for (unsigned level = 0; level < levels_; ++level) {
    const unsigned width = 1U << level;
    for (unsigned i = 0; i < width; ++i) {
      const int zeros = (counts[i] + ((coins[i] >> level) & 1)) >> 1;
      counts[i + width] = static_cast<std::int16_t>(counts[i] - zeros);
      counts[i] = static_cast<std::int16_t>(zeros);
    }
  }
}

// The same where some half may have too few.
void BalancedFilling::split_within(const Cut& cut, std::uint32_t count, BucketDraws& draws) {
  draw_coins(draws);
  std::int16_t* const counts = counts_.data();
  const std::int16_t* const coins = coins_.data();
  counts[0] = static_cast<std::int16_t>(count);
  for (unsigned level = 0; level < levels_; ++level) {
    const unsigned width = 1U << level;
    const std::int16_t* const sizes = cut.sizes.data() + 2 * std::size_t{width};
    for (unsigned i = 0; i < width; ++i) {
      const int zeros = from_zeros(counts[i], (coins[i] >> level) & 1, sizes[i], sizes[i + width]);
      counts[i + width] = static_cast<std::int16_t>(counts[i] - zeros);
      counts[i] = static_cast<std::int16_t>(zeros);
    }
  }
}

// One contact of each piece that gives one. Which do is found first, without a branch that nobody
// can foresee.
PeerRef* BalancedFilling::take_ones(const Cut& cut, BucketDraws& draws, PeerRef* places) {
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < pieces_; ++i) {
    ones_[found] = static_cast<std::uint16_t>(i);
    found += counts_[i] == 1 ? 1 : 0;
  }
  for (std::uint32_t i = 0; i < found; ++i) {
    const Piece& piece = cut.pieces[ones_[i]];
    places[i].value = piece.first + draws.below(piece.size);
  }
  return places + found;
}

void BalancedFilling::take_many(const Cut& cut, const Subtree& subtree, BucketDraws& draws,
                                PeerRef* places) {
  for (std::uint32_t i = 0; i < pieces_; ++i) {
    if (counts_[i] < 2) continue;
    const auto& [first, size] = cut.pieces[i];
    Subtree piece{{first, first + size}, subtree.depth + levels_, subtree.path};
    if (subtree.depth < 64) {
      piece.path |= (std::uint64_t{reversed(i, levels_)} << (64 - levels_)) >> subtree.depth;
    }
    places = take_by_halves(ranks_, draws, piece, static_cast<std::uint32_t>(counts_[i]), places);
  }
}

void BalancedFilling::take(const Subtree& subtree, std::uint32_t count, BucketDraws& draws,
                           PeerRef* places) {
  const Cut& cut = cut_of(subtree);
  if (cut.all_hold_somebody) {
    split(count, draws);
    take_ones(cut, draws, places);
  } else {
    split_within(cut, count, draws);
    places = take_ones(cut, draws, places);
    take_many(cut, subtree, draws, places);
  }
}

}  // namespace kadsim

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
      coins_((pieces_ / 2 + 3) / 4),
      four_counts_((pieces_ + 3) / 4),
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
  for (std::uint64_t& four : coins_) four = draws.bits();
}

// For cuts whose pieces all hold somebody. Then no half has too few: l levels down it holds at
// least 2^(L-l) nodes, and as k <= 2^L, no more than that are asked of it. So a count is halved,
// with a coin added before it is rounded down, and four counts are halved at once: none of the
// 16-bit items of a word reaches into the next, as counts are below 2^15 and no difference is
// negative.
void BalancedFilling::split(std::uint32_t count) {
  constexpr std::uint64_t kLowestBits = 0x0001'0001'0001'0001;
  constexpr std::uint64_t kAllButHighestBits = 0x7fff'7fff'7fff'7fff;
  std::uint64_t* const counts = four_counts_.data();
  const auto zeros_of = [&](unsigned word, unsigned level) {
    const std::uint64_t coins = (coins_[word] >> level) & kLowestBits;
    return ((counts[word] + coins) >> 1) & kAllButHighestBits;
  };
  counts[0] = count;
  // One, then two counts: all in the first word.
  for (unsigned level = 0; level < std::min(levels_, 2U); ++level) {
    const std::uint64_t zeros = zeros_of(0, level);
    counts[0] = zeros | ((counts[0] - zeros) << (16U << level));
  }
  for (unsigned level = 2; level < levels_; ++level) {
    const unsigned words = 1U << (level - 2);
    for (unsigned word = 0; word < words; ++word) {
      const std::uint64_t zeros = zeros_of(word, level);
      counts[words + word] = counts[word] - zeros;
      counts[word] = zeros;
    }
  }
}

// After `split`: one contact of each piece that gives one; none gives more.
void BalancedFilling::take_split(const Cut& cut, BucketDraws& draws, PeerRef* places) const {
  const std::size_t words = four_counts_.size();
  for (std::size_t first = 0; first < words; first += 16) {
    // Bit i: whether piece 4 * first + i gives one. Found without a branch that nobody can foresee.
    std::uint64_t giving = 0;
    for (std::size_t word = first; word < std::min(first + 16, words); ++word) {
      const std::uint64_t four = four_counts_[word];
      giving |= ((four | four >> 15 | four >> 30 | four >> 45) & 15) << (4 * (word - first));
    }
    const Piece* const pieces = cut.pieces.data() + 4 * first;
    for (; giving != 0; giving &= giving - 1) {
      const Piece& piece = pieces[std::countr_zero(giving)];
      (places++)->value = piece.first + draws.below(piece.size);
    }
  }
}

// As `split`, where some half may have too few.
void BalancedFilling::split_within(const Cut& cut, std::uint32_t count) {
  std::int16_t* const counts = counts_.data();
  counts[0] = static_cast<std::int16_t>(count);
  for (unsigned level = 0; level < levels_; ++level) {
    const unsigned width = 1U << level;
    const std::int16_t* const sizes = cut.sizes.data() + 2 * std::size_t{width};
    for (unsigned i = 0; i < width; ++i) {
      const auto coin = static_cast<int>((coins_[i / 4] >> (16 * (i % 4) + level)) & 1);
      const int zeros = from_zeros(counts[i], coin, sizes[i], sizes[i + width]);
      counts[i + width] = static_cast<std::int16_t>(counts[i] - zeros);
      counts[i] = static_cast<std::int16_t>(zeros);
    }
  }
}

// After `split_within`: first from the pieces that give one contact, then from those that give
// more.
void BalancedFilling::take_within(const Cut& cut, const Subtree& subtree, BucketDraws& draws,
                                  PeerRef* places) {
  std::uint32_t found = 0;
  for (std::uint32_t i = 0; i < pieces_; ++i) {
    ones_[found] = static_cast<std::uint16_t>(i);
    found += counts_[i] == 1 ? 1U : 0U;
  }
  for (std::uint32_t i = 0; i < found; ++i) {
    const Piece& piece = cut.pieces[ones_[i]];
    (places++)->value = piece.first + draws.below(piece.size);
  }
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
  draw_coins(draws);
  if (cut.all_hold_somebody) {
    split(count);
    take_split(cut, draws, places);
  } else {
    split_within(cut, count);
    take_within(cut, subtree, draws, places);
  }
}

}  // namespace kadsim

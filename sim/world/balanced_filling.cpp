#include "sim/world/balanced_filling.hpp"

#include "core/base/assert.hpp"
#include "sim/world/balanced_rule.hpp"

#include <algorithm>
#include <bit>

namespace kadsim {
namespace {

constexpr std::uint32_t kGreatest = 0x7fff;  // a size that is enough for any count

// The number of a piece, from its path, and its path, from its number.
unsigned reversed(unsigned path, unsigned bits) {
  unsigned backwards = 0;
  for (unsigned i = 0; i < bits; ++i) backwards |= ((path >> i) & 1U) << (bits - 1 - i);
  return backwards;
}

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

void BalancedFilling::take(const Subtree& subtree, std::uint32_t count, BucketDraws& draws,
                           PeerRef* places) {
  const Cut& cut = cut_of(subtree);
  draw_coins(draws);
  if (cut.no_piece_empty) {
    split_by_coins(count);
    take_ones(cut, draws, places);
  } else {
    split_by_sizes(cut, count);
    take_ones_then_more(cut, subtree, draws, places);
  }
}

const BalancedFilling::Cut& BalancedFilling::cut_of(const Subtree& subtree) {
  Cut& cut = by_depth_[subtree.depth];
  if (cut.whole == subtree.ranks) return cut;
  ranks_.cut(subtree, levels_, bounds_);
  cut.whole = subtree.ranks;
  cut.pieces.resize(pieces_);
  cut.sizes.resize(2 * std::size_t{pieces_});
  cut.no_piece_empty = true;
  for (unsigned path = 0; path < pieces_; ++path) {
    const std::uint32_t size = bounds_[path + 1] - bounds_[path];
    cut.no_piece_empty &= size > 0;
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

// For cuts without an empty piece. Then no half has too few: l levels down it holds at least
// 2^(L-l) nodes, and as k <= 2^L, no more than that are asked of it. So a count is halved, with a
// coin added before it is rounded down, and four counts are halved at once: none of the 16-bit
// items of a word reaches into the next, as counts are below 2^15 and no difference is negative.
void BalancedFilling::split_by_coins(std::uint32_t count) {
  constexpr std::uint64_t kLowestBits = 0x0001'0001'0001'0001;
  constexpr std::uint64_t kAllButHighestBits = 0x7fff'7fff'7fff'7fff;
  std::uint64_t* const counts = four_counts_.data();
  const auto zeros_of = [&](unsigned word, unsigned level) {
    const std::uint64_t coins = (coins_[word] >> level) & kLowestBits;
    return ((counts[word] + coins) >> 1) & kAllButHighestBits;
  };
  counts[0] = count;
  // The first two levels have one and two items, all in the first word.
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

// After `split_by_coins`: one contact of each piece that gives one; no piece gives more.
void BalancedFilling::take_ones(const Cut& cut, BucketDraws& draws, PeerRef* places) const {
  const std::size_t words = four_counts_.size();
  for (std::size_t first = 0; first < words; first += 16) {
    // Bit i: whether piece 4 * first + i gives one. The bits are gathered without a branch on a
    // count, as no processor could predict it.
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

// For any cut: a half that has too few gives all.
void BalancedFilling::split_by_sizes(const Cut& cut, std::uint32_t count) {
  std::int16_t* const counts = counts_.data();
  counts[0] = static_cast<std::int16_t>(count);
  for (unsigned level = 0; level < levels_; ++level) {
    const unsigned width = 1U << level;
    const std::int16_t* const sizes = cut.sizes.data() + 2 * std::size_t{width};
    for (unsigned i = 0; i < width; ++i) {
      const auto coin = static_cast<int>((coins_[i / 4] >> (16 * (i % 4) + level)) & 1);
      const int zeros = given_by_zeros<int>(counts[i], coin, sizes[i], sizes[i + width]);
      counts[i + width] = static_cast<std::int16_t>(counts[i] - zeros);
      counts[i] = static_cast<std::int16_t>(zeros);
    }
  }
}

// After `split_by_sizes`: first from the pieces that give one contact, then from those that give
// more.
void BalancedFilling::take_ones_then_more(const Cut& cut, const Subtree& subtree,
                                          BucketDraws& draws, PeerRef* places) {
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
    places = take_by_halves(ranks_, piece_below(subtree, cut, i),
                            static_cast<std::uint32_t>(counts_[i]), draws, places);
  }
}

// A piece as a subtree: its path goes on, where that of `subtree` ends, with the bits of its
// number, the lowest first. Of a path only the first 64 bits are kept.
Subtree BalancedFilling::piece_below(const Subtree& subtree, const Cut& cut,
                                     std::uint32_t number) const {
  const auto& [first, size] = cut.pieces[number];
  Subtree piece{{first, first + size}, subtree.depth + levels_, subtree.path};
  std::uint64_t bits = 0;
  for (unsigned i = 0; i < levels_; ++i) bits |= std::uint64_t{(number >> i) & 1U} << (63 - i);
  if (subtree.depth < 64) piece.path |= bits >> subtree.depth;
  return piece;
}

}  // namespace kadsim

#pragma once

#include <algorithm>
#include <cstdint>

#include "core/table/peer.hpp"
#include "sim/world/bucket_draws.hpp"
#include "sim/world/rank_index.hpp"

namespace kadsim {

/// Of `count` contacts, how many the zeros of a subtree give: half of them, the odd one included if
/// `coin` is 1 and not if it is 0; but at least what the ones cannot give, and at most what the
/// zeros have. The ones give the rest. Pre: 0 <= count <= zeros + ones. `Int` is signed.
template <class Int>
constexpr Int given_by_zeros(Int count, Int coin, Int zeros, Int ones) {
  return std::min(std::max((count + coin) >> 1, count - ones), zeros);
}

/// The rule of balanced filling (ProbeLab RFM19.1), one subtree at a time: `count` <= k contacts
/// are taken from the halves of `subtree` by `given_by_zeros`, those of a half from its halves, and
/// so on. BalancedFilling gives the same contacts many times faster, and is held against this
/// function by a test; no table is built with it.
///
/// Departure: halving to the end would favour nodes with few others around them. So it stops L
/// levels down, 2^L >= k > 2^(L-1), at pieces that give one contact at most unless others have too
/// few; and the contact of such a piece is a uniform member of it.
///
/// Draws and contacts come in a fixed order:
/// 1. The coins of these L levels, in whole words before anything else. Items of a level are
///    numbered so that item i is halved into the items i (its zeros) and i + 2^level (its ones) of
///    the next; so the number of a piece is its path read backwards. Bit l of the 16 bits of item i
///    is its coin at level l; a word has the bits of four items, the first in the lowest bits.
/// 2. The contact of each piece that gives one, in the order of their numbers.
/// 3. The contacts of the pieces that give more, in the same order: see take_by_halves.
///
/// Returns the place behind the last contact. Pre: 1 <= k <= 32767; the subtree has at least
/// `count` members, and L levels below it (a subtree with more than k members always has). O(k log
/// n).
PeerRef* take_balanced(const RankIndex& ranks, std::uint32_t k, const Subtree& subtree,
                       std::uint32_t count, BucketDraws& draws, PeerRef* places);

/// The same rule without levels: each half is halved again until it gives all that it has, or one
/// contact, which is a uniform member of it. A word is drawn for each coin, its highest bit, when
/// it is needed: zeros before ones, depth first. Returns the place behind the last contact. Pre:
/// the subtree has at least `count` members. O(count log n).
PeerRef* take_by_halves(const RankIndex& ranks, const Subtree& subtree, std::uint32_t count,
                        BucketDraws& draws, PeerRef* places);

}  // namespace kadsim

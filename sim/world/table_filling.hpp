#pragma once

#include <cstdint>
#include <span>

#include "core/hash/hash.hpp"
#include "core/random/random_stream.hpp"
#include "core/table/peer.hpp"
#include "sim/world/network_options.hpp"
#include "sim/world/rank_index.hpp"

namespace kadsim {

/// One bucket to be filled at time 0: its owner knows places.size() nodes of `subtree`, which has
/// at least so many.
struct BucketToFill {
  Subtree subtree;
  std::uint32_t birth = 0;  ///< of the owner: keys the draws, with the subtree's depth
  const Hash* owner = nullptr;
  std::span<PeerRef> places;  ///< where the contacts go
};

/// Fills one bucket, by rank. A pure function of its arguments, so that tables may be built by any
/// number of threads, or derived when they are read. Nobody appears twice.
/// - closest: the nodes nearest to the owner. O(n + log size)
/// - random: uniform without replacement (Floyd's algorithm: Bentley & Floyd, CACM 30(9), 1987).
/// O(n^2) moves, n small
/// - balanced: half from each half of the subtree, recursively; an odd one goes to a half drawn at
/// random; a half that
///   has too few gives all, and the other takes the rest (ProbeLab RFM19.1). O(n log size)
void fill_bucket(Fill fill, const RankIndex& ranks, const RandomStream& stream,
                 const BucketToFill& bucket);

}  // namespace kadsim

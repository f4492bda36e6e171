#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "sim/world/setup_progress.hpp"

namespace kadsim {

/// Sorts nodes by hash: item r of the result is the birth number of the node of rank r, where item
/// b of `by_birth` is the hash of the node born as number b. Fewer than 2^32 - 1 of them; two equal
/// hashes are an assertion.
///
/// Hashes are as good as uniform, so they are dealt into bins by their first bits, and the bins are
/// sorted one by one, by all cores of the caller's TBB arena. What is moved is 16 bytes a node, the
/// first 64 bits of its hash and its birth number; where those bits agree, the whole hashes decide.
/// Hashes that are not uniform (networks made by hand) only make it slower. The same result for any
/// number of threads. O(n log n); 16 bytes a node while it sorts.
/// `progress`, if given, is told.
std::vector<std::uint32_t> births_by_rank(std::span<const Hash> by_birth,
                                          SetupProgress* progress = nullptr);

}  // namespace kadsim

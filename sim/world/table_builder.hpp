#pragma once

#include "core/random/random_stream.hpp"
#include "sim/world/arena_buckets.hpp"
#include "sim/world/network_options.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

struct TableOptions {
  Fill fill = Fill::kRandom;
  unsigned k = 20;
};

/// Builds the routing tables of all nodes of time 0, on all cores that the caller's TBB arena has:
/// first the size of every bucket, then their contacts, each thread writing a contiguous run of the
/// arena. Every bucket is a pure function of seed, owner and index, so the bytes are the same for
/// any number of threads. Under py-dht's name. O(n * (log n + table size)).
void parallel_clilist_initializer(const Population& population, const RandomStream& stream,
                                  const TableOptions& options, ArenaBuckets& tables);

/// Calls `visit(subtree)` for each bucket of `rank`, from the farthest, empty subtrees included,
/// down to the last that is not empty: bucket i is the subtree of depth i + 1 next to the node's
/// own. Returns their number.
template <class Visit>
unsigned visit_buckets(const RankIndex& ranks, std::uint32_t rank, Visit&& visit) {
  Subtree own = ranks.all();
  const Hash& hash = ranks.hash(rank);
  while (own.ranks.size() > 1) {
    const bool bit = hash.bit(own.depth);
    const auto [zeros, ones] = ranks.halves(own);
    own = bit ? ones : zeros;
    visit(bit ? zeros : ones);
  }
  return own.depth;
}

}  // namespace kadsim

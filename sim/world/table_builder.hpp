#pragma once

#include "core/random/random_stream.hpp"
#include "sim/world/arena_buckets.hpp"
#include "sim/world/population.hpp"
#include "sim/world/table_filling.hpp"

namespace kadsim {

/// Builds the routing tables of all nodes of time 0, on all cores that the caller's TBB arena has.
/// It first finds the size of every table, then writes the contacts. A task is a run of neighbours
/// in rank: they share most of their subtrees (BucketWalk, BalancedFilling), and their tables lie
/// one behind the other in the arena. Every bucket is a pure function of seed, owner and index, so
/// the bytes are the same for any number of threads. `progress`, if given, is told how far it is.
/// The function has the name that py-dht gives it. O(n * table size).
void parallel_clilist_initializer(const Population& population, const RandomStream& stream,
                                  const TableOptions& options, ArenaBuckets& tables,
                                  SetupProgress* progress = nullptr);

}  // namespace kadsim

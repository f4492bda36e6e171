#pragma once

#include "core/random/random_stream.hpp"
#include "sim/world/arena_buckets.hpp"
#include "sim/world/population.hpp"
#include "sim/world/table_filling.hpp"

namespace kadsim {

/// Builds the routing tables of all nodes of time 0, on all cores that the caller's TBB arena has:
/// first the size of every table, then its contacts. A task is a run of neighbours in rank: they
/// share most of their subtrees (BucketWalk, BalancedFilling), and their tables are one run of the
/// arena. Every bucket is a pure function of seed, owner and index, so the bytes are the same for
/// any number of threads. `progress`, if given, is told.
/// Under py-dht's name. O(n * table size).
void parallel_clilist_initializer(const Population& population, const RandomStream& stream,
                                  const TableOptions& options, ArenaBuckets& tables,
                                  SetupProgress* progress = nullptr);

}  // namespace kadsim

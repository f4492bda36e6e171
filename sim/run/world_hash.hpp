#pragma once

#include <vector>

#include "sim/measure/content_hash.hpp"
#include "sim/measure/operation_row.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/dht_network.hpp"

namespace kadsim {

// Two runs whose hashes of world and workload agree may be compared operation by operation:
// operation i has the same kind, origin and target in both, and its origin knows the same contacts.

/// The hash of which nodes exist and which contacts they know at time 0. To be called before the
/// first event is played.
///
/// Three things are hashed: the hashes of all nodes with their birth numbers; everything else that
/// the contents of a bucket follow from (seed, replica, fill, k); and the tables of the first
/// kWorldSample nodes by birth, which tell apart two versions of the program that fill tables
/// differently. So the hash does not depend on where tables are kept. It covers neither links nor
/// which nodes answer. O(nodes), about 15 ms a million.
ContentHash hash_of_world(const Scenario& scenario, DhtNetwork& network);
inline constexpr std::uint32_t kWorldSample = 64;

/// The hash of kind, origin and target of every operation, by number. O(operations).
ContentHash hash_of_workload(const std::vector<OperationRow>& rows);

}  // namespace kadsim

#pragma once

#include <vector>

#include "sim/measure/content_hash.hpp"
#include "sim/measure/operation_row.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/dht_network.hpp"

namespace kadsim {

// Two runs whose hashes of world and workload agree may be compared operation by operation: number
// i is the same question of the same node, who knows the same contacts.

/// Of who is there and what they know at time 0. Call it before anything is played.
///
/// Hashed are all nodes' hashes with their birth numbers; what every bucket is a function of
/// besides (seed, replica, fill, k); and the contents of the tables of up to kWorldSample nodes,
/// the first born, which tell apart versions of the program that fill tables otherwise. So it is
/// the same wherever tables are kept. It says nothing of links, nor of who answers. O(nodes), about
/// 15 ms a million.
ContentHash hash_of_world(const Scenario& scenario, DhtNetwork& network);
inline constexpr std::uint32_t kWorldSample = 64;

/// Of kind, origin and target of every operation, in the order of their numbers. O(operations).
ContentHash hash_of_workload(const std::vector<OperationRow>& rows);

}  // namespace kadsim

#pragma once

#include <cstdint>

#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// How much memory a run takes at its peak, in bytes, and for what. From a few MB on, the estimate
/// is within 25 % of the measured peak for lookups with default options. The contents of data files
/// are not counted.
struct MemoryEstimate {
  std::uint64_t program = 0;  ///< before anything is built
  /// Taken while nodes are named and sorted, and given back before the parts below are taken.
  std::uint64_t naming = 0;
  std::uint64_t population = 0;  ///< hashes, their index, and the counters of each node
  std::uint64_t tables = 0;      ///< the routing tables of time 0
  std::uint64_t operations = 0;  ///< their rows, running operations, and what they leave at nodes;
                                 ///< and the statistics of groups

  [[nodiscard]] std::uint64_t peak() const;
};

/// The estimate for this scenario, with tables kept as `storage` says, which is not kAuto. A pure
/// function. O(log nodes * k).
MemoryEstimate estimate_memory(const Scenario& scenario, TableStorage storage);

/// The storage that the scenario's choice comes to on a machine with `machine_bytes` of memory.
/// `auto` becomes derived if precomputed tables would make the run take more than half of the
/// memory, and precomputed otherwise or if `machine_bytes` is 0 (not known). Any other choice is
/// returned as it is.
TableStorage settled_storage(const Scenario& scenario, std::uint64_t machine_bytes);

/// The expected number of contacts in one table of time 0: the sum over buckets i of
/// E[min(k, Binomial(nodes - 1, 2^-(i+1)))], with each binomial approximated by a Poisson
/// distribution.
double expected_contacts(std::uint64_t nodes, unsigned k);

}  // namespace kadsim

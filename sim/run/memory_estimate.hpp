#pragma once

#include <cstdint>

#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// How much memory a run takes at its peak, in bytes, and for what. Within 25 % of what is measured
/// from a few MB on, where lookups go as they do by default; what files list is not counted.
struct MemoryEstimate {
  std::uint64_t program = 0;  ///< before anything is built
  std::uint64_t naming =
      0;  ///< while nodes are named and sorted, which ends before the rest begins
  std::uint64_t population = 0;  ///< hashes, their index, and what each node counts
  std::uint64_t tables = 0;      ///< of time 0
  std::uint64_t operations = 0;  ///< their rows, those in flight, and what they leave at nodes

  [[nodiscard]] std::uint64_t peak() const;
};

/// Of this scenario, with tables kept so. `storage` is not kAuto. A pure function. O(log nodes *
/// k).
MemoryEstimate estimate_memory(const Scenario& scenario, TableStorage storage);

/// What `auto` comes to on a machine with so many bytes of memory: derived, if the run would take
/// more than half of it otherwise. 0 bytes: not known, precomputed. Another choice stays what it
/// is.
TableStorage settled_storage(const Scenario& scenario, std::uint64_t machine_bytes);

/// Expected contacts in one table of time 0: the sum over buckets i of E[min(k, Binomial(nodes - 1,
/// 2^-(i+1)))], the binomials taken as Poisson.
double expected_contacts(std::uint64_t nodes, unsigned k);

}  // namespace kadsim

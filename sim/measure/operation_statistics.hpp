#pragma once

#include <array>
#include <cstdint>

#include "core/client/operation_kind.hpp"
#include "sim/measure/histogram.hpp"
#include "sim/measure/operation_row.hpp"

namespace kadsim {

/// Sums and distributions over operations. Unfinished operations enter `operations` and `by_status`
/// and nothing else.
struct OperationStatistics {
  std::array<std::uint64_t, kOperationStatuses> by_status{};
  Histogram hops;
  Histogram attempts;
  Histogram latency_ns;
  std::uint64_t operations = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t rpcs = 0;
  std::uint64_t stores = 0;
  std::uint64_t stores_failed = 0;
  std::uint64_t closest = 0;  ///< summed over operations, as in OperationRow
  std::uint64_t heard = 0;
  std::uint64_t answered = 0;

  std::uint64_t values_seen = 0;  ///< of gets, summed as in ValueOutcome
  std::uint64_t stale = 0;
  std::uint64_t repaired = 0;
  std::uint64_t corrected = 0;
  std::uint64_t quorums_met = 0;

  void add(const OperationRow& row);
  void merge(const OperationStatistics& other);

  [[nodiscard]] std::uint64_t count(OperationStatus status) const {
    return by_status[static_cast<std::size_t>(status)];
  }
};

}  // namespace kadsim

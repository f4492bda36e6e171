#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <vector>

#include "core/client/operation_kind.hpp"
#include "sim/measure/operation_statistics.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// The figures of all operations of one kind at a point, pooled over its replicas. As in runs.csv,
/// unfinished operations count only in `operations`.
struct KindFigures {
  std::uint64_t operations = 0;
  std::uint64_t finished = 0;
  std::uint64_t successful = 0;  ///< complete, found or stored
  std::int64_t p50_ns = 0;       ///< latency; 0 if none has finished
  std::int64_t p99_ns = 0;
  std::uint64_t rpcs = 0;
  std::uint64_t heard = 0;  ///< recall: so many of the `closest` nodes were found
  std::uint64_t closest = 0;
};

/// In the order of kOperationKinds.
using PointFigures = std::array<KindFigures, kOperationKinds.size()>;

[[nodiscard]] KindFigures figures_of(const OperationStatistics& statistics);

/// Pools the replicas of points as they end, in any order and from any thread. Statistics take a
/// third of a megabyte a kind, so they are kept only for points some of whose replicas are over and
/// others not. These are few if runs begin in the order of their points.
class PointPool {
 public:
  PointPool(std::size_t points, std::size_t replicas);

  void add(std::size_t point, const Scenario& scenario, const RunResult& result);
  /// The figures of all points. To be called once, after every replica of every point was added.
  [[nodiscard]] std::vector<PointFigures> take_figures();

 private:
  struct Open {
    std::array<OperationStatistics, kOperationKinds.size()> pooled;
    std::size_t ended = 0;
  };

  std::mutex mutex_;
  std::size_t replicas_;
  std::size_t points_ended_ = 0;
  std::map<std::size_t, Open> open_;  // by point
  std::vector<PointFigures> figures_;
};

}  // namespace kadsim

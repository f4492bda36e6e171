#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/client/operation_kind.hpp"
#include "sim/measure/differences.hpp"

namespace kadsim {

/// What of an operation is compared with that of another run.
struct OperationSample {
  OperationKind kind = OperationKind::kLookup;
  bool measured = false;    ///< did it arrive within `measure`
  bool finished = false;    ///< it has a latency: it was not cut off
  bool successful = false;  ///< complete, found or stored
  std::uint32_t rpcs = 0;
  std::int64_t latency_ns = 0;
  std::int32_t recall = -1;  ///< recall_heard in millionths; -1: does not apply
};

/// The figures that two runs are compared by.
enum class Figure : std::uint8_t {
  kMeanLatency,
  kP50Latency,
  kP99Latency,
  kRpcs,
  kRecall,
  kSuccess
};
inline constexpr std::size_t kFigures = 6;

struct FigureInfo {
  std::string_view name;
  std::string_view unit;
  double scale = 1;  ///< what is printed is a value, in ns or millionths, divided by this,
  int decimals = 0;  ///< with so many
};
[[nodiscard]] const FigureInfo& info_of(Figure figure);

/// One difference a figure, in the order of `Figure`; none where a figure does not apply.
using Differences = std::array<std::optional<Difference>, kFigures>;

/// What came of comparing the operations of one kind in two runs.
struct RunComparison {
  std::size_t operations_a = 0;  ///< compared: measured and finished, if paired in both runs
  std::size_t operations_b = 0;
  std::size_t left_out = 0;  ///< measured, but cut off by the end of a run: in A, in B, or in both
  Differences differences;
  // Of pairs only:
  std::size_t faster = 0;  ///< B's latency is less than A's
  std::size_t slower = 0;
  std::size_t equal = 0;
  std::optional<double> correlation;  ///< of latencies

  [[nodiscard]] bool empty() const { return operations_a == 0 || operations_b == 0; }
};

/// Compares the operations of one kind: by number, or as samples that do not belong together. If
/// paired both runs have the same operations. Intervals take operations for draws of their own, so
/// they speak of these two runs alone.
RunComparison compare_runs(std::span<const OperationSample> a, std::span<const OperationSample> b,
                           OperationKind kind, bool paired);

/// The same of pairs without the differences, which take the time.
RunComparison match_runs(std::span<const OperationSample> a, std::span<const OperationSample> b,
                         OperationKind kind);

/// The figures of one run, ns or millionths rounded; none where one does not apply.
using RunFigures = std::array<std::optional<std::int64_t>, kFigures>;
RunFigures figures_of_run(std::span<const OperationSample> run, OperationKind kind);

/// Compares the figures of replicas, each of them one value: an interval speaks of the setting.
/// Paired: replica i of A and of B share their network and their work.
Differences compare_replicas(std::span<const RunFigures> a, std::span<const RunFigures> b,
                             bool paired);

}  // namespace kadsim

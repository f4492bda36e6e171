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

/// The part of an operation that is compared with operations of another run.
struct OperationSample {
  OperationKind kind = OperationKind::kLookup;
  bool measured = false;    ///< it arrived within `measure`
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
  double scale = 1;  ///< a value in ns or millionths is divided by this to be printed
  int decimals = 0;  ///< of the printed value
};
[[nodiscard]] const FigureInfo& info_of(Figure figure);

/// A difference for each figure, in the order of `Figure`; none where a figure does not apply.
using Differences = std::array<std::optional<Difference>, kFigures>;

/// The result of comparing the operations of one kind in two runs.
struct RunComparison {
  std::size_t operations_a = 0;  ///< compared: measured and finished; of a pair, both are
  std::size_t operations_b = 0;
  std::size_t left_out = 0;  ///< measured, but cut off by the end of a run: A, B, or both
  Differences differences;
  // Of pairs only:
  std::size_t faster = 0;  ///< B's latency is less than A's
  std::size_t slower = 0;
  std::size_t equal = 0;
  std::optional<double> correlation;  ///< of latencies

  [[nodiscard]] bool empty() const { return operations_a == 0 || operations_b == 0; }
};

/// Compares the operations of one kind in two runs: as pairs by number if `paired`, which requires
/// that both runs have the same operations, otherwise as independent samples. Intervals treat each
/// operation as a draw of its own, so they are statements about these two runs alone.
RunComparison compare_runs(std::span<const OperationSample> a, std::span<const OperationSample> b,
                           OperationKind kind, bool paired);

/// The same for pairs, without the differences, which take most of the time.
RunComparison match_runs(std::span<const OperationSample> a, std::span<const OperationSample> b,
                         OperationKind kind);

/// The figures of one run, in ns or millionths, rounded; none where a figure does not apply.
using RunFigures = std::array<std::optional<std::int64_t>, kFigures>;
RunFigures figures_of_run(std::span<const OperationSample> run, OperationKind kind);

/// Compares the figures of replicas, each replica being one value, so that an interval is a
/// statement about the setting. If `paired`, replica i of A and replica i of B share their network
/// and their workload.
Differences compare_replicas(std::span<const RunFigures> a, std::span<const RunFigures> b,
                             bool paired);

}  // namespace kadsim

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/client/operation_kind.hpp"
#include "sim/input/setting_error.hpp"
#include "sim/measure/fingerprint.hpp"
#include "sim/results/result_files.hpp"
#include "sim/results/run_table.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/sweep/point_figures.hpp"

namespace kadsim {

/// Measures the time of one run, for its timing.json.
class RunWatch {
 public:
  virtual ~RunWatch() = default;
  virtual void enter(RunPhase phase) = 0;
  [[nodiscard]] virtual RunTiming timing() const = 0;
};

/// What the caller gives to the runs of a plan. Nothing here can change a result. Functions are
/// called from any thread; calls of `on_run` do not overlap.
struct ManyRunsHooks {
  std::function<std::unique_ptr<RunWatch>()> watch;  ///< makes the watch of a run that begins
  std::function<bool()> cancelled;  ///< may be empty; the runs are given up if it returns true
  std::function<void(std::size_t ended)> on_run;  ///< may be empty; called when a run is over
  std::size_t side_by_side = 1;  ///< so many runs play at a time, each on one thread
  int threads = 0;               ///< that build a network if one run plays at a time; 0: all cores
  std::uint64_t machine_bytes = 0;  ///< memory there is, for `storage: auto`; 0: not known
  BuildInfo build;
};

/// What all runs came to. Little is kept of each run: its results are in its folder.
struct ManyRunsResult {
  RunTable table{0};  ///< of runs.csv
  std::vector<PointFigures> points;
  std::vector<Fingerprint> fingerprints;  ///< one for each run
  std::uint64_t records = 0;              ///< in all fingerprints
  std::uint64_t events = 0;

  /// The sum of all fingerprints, modulo 2^128.
  [[nodiscard]] Fingerprint total() const;
};

/// A setting of one point that turned out to be impossible. `point` is its number in the plan.
class PointError : public InputError {
 public:
  PointError(const SettingError& error, std::size_t point)
      : InputError(error.what()), error_(error), point_(point) {}
  [[nodiscard]] const SettingError& error() const { return error_; }
  [[nodiscard]] std::size_t point() const { return point_; }

 private:
  SettingError error_;
  std::size_t point_;
};

/// The path of the results of a run within the folder of all runs: `0003-0.05-lock-step/replica-0`,
/// with the number of the point, counted from 1, and its name; without an axis only `replica-0`.
std::filesystem::path folder_of_run(const RunPlan& plan, std::size_t run);

/// How many runs of the plan may play side by side: at least one, at most `most` >= 1, and so many
/// that they fit into `machine_bytes` if each were as large as the largest. If `machine_bytes` is
/// 0, the memory is not known and does not limit the count.
std::size_t runs_side_by_side(const RunPlan& plan, std::size_t most, std::uint64_t machine_bytes);

/// Plays every run of the plan and writes its results with `write_results`, as soon as it is over,
/// into a folder of its own within `folder`. Files and result are the same for any number of runs
/// side by side.
///
/// Throws what `run_simulation` and `write_results` throw, with a PointError for a SettingError,
/// after the other runs were given up; of several errors that of the first run. Throws
/// RunInterrupted if the runs were cancelled. Removing what is in `folder` by then is left to the
/// caller.
ManyRunsResult play_many(const RunPlan& plan, const std::filesystem::path& folder,
                         const ManyRunsHooks& hooks);

}  // namespace kadsim

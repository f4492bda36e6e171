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
#include "sim/run/simulation.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/sweep/point_figures.hpp"

namespace kadsim {

/// Takes the time of one run, for its timing.json.
class RunWatch {
 public:
  virtual ~RunWatch() = default;
  virtual void enter(RunPhase phase) = 0;
  [[nodiscard]] virtual RunTiming timing() const = 0;
};

/// What the runs of a plan are given by their caller. Nothing here can change a result. Functions
/// are called from any thread, `on_run` one call at a time.
struct ManyRunsHooks {
  std::function<std::unique_ptr<RunWatch>()> watch;  ///< for a run that begins
  std::function<bool()> cancelled;                   ///< may be empty; true: give up
  std::function<void(std::size_t ended)> on_run;     ///< may be empty; so many are over
  std::size_t side_by_side = 1;     ///< how many runs play at a time, each on one thread
  int threads = 0;                  ///< that build a network if runs play one by one; 0: all cores
  std::uint64_t machine_bytes = 0;  ///< memory there is, for `storage: auto`; 0: not known
  BuildInfo build;
};

/// What all runs came to. Of one run little is kept: its results are in its folder.
struct ManyRunsResult {
  std::vector<std::string> titles;             ///< of a run's row in runs.csv
  std::vector<std::vector<std::string>> rows;  ///< one a run
  std::vector<PointFigures> points;
  std::vector<Fingerprint> fingerprints;  ///< one a run
  std::uint64_t records = 0;              ///< in all fingerprints
  std::uint64_t events = 0;

  /// Sum of all fingerprints, modulo 2^128.
  [[nodiscard]] Fingerprint total() const;
};

/// A setting of one point that turned out to be impossible.
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

/// Where the results of a run go, in the folder of all: `0003-0.05-lock-step/replica-0`, the number
/// of the point from 1 and its name; without an axis `replica-0` alone.
std::filesystem::path folder_of_run(const RunPlan& plan, std::size_t run);

/// How many runs of the plan may play side by side, at most `most` >= 1: so many that they fit into
/// `machine_bytes`, each as large as the largest, and one at least. 0 bytes: not known, `most`.
std::size_t runs_side_by_side(const RunPlan& plan, std::size_t most, std::uint64_t machine_bytes);

/// Plays every run of the plan and writes what `write_results` does into its folder within
/// `folder`, as soon as it is over. Files and result are the same for any number of runs side by
/// side.
///
/// Throws what `run_simulation` and `write_results` do, for a setting a PointError; then other runs
/// are given up. RunInterrupted if it was cancelled. What is in `folder` by then is the caller's.
ManyRunsResult play_many(const RunPlan& plan, const std::filesystem::path& folder,
                         const ManyRunsHooks& hooks);

}  // namespace kadsim

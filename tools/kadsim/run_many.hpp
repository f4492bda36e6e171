#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/scenario/run_plan.hpp"

namespace kadsim::tools {

/// The arguments of `kadsim run`.
struct RunArguments {
  std::string file;
  std::filesystem::path directory;
  std::vector<std::string> overrides;
  int threads = 0;  ///< 0: all cores
  bool quiet = false;
  bool force = false;
};

/// The number of threads that a run may use.
int threads_of(const RunArguments& arguments);

/// Plays all runs of a plan, as many side by side as threads and memory allow, writes their results
/// and prints a report. Returns an exit code.
int play_many_runs(const RunArguments& arguments, const RunPlan& plan);

/// Checks the data files of all points of a plan, as `kadsim::check_data` does for one scenario.
/// Throws PointError for an impossible setting.
void check_data(const RunPlan& plan);

}  // namespace kadsim::tools

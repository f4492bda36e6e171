#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/scenario/run_plan.hpp"

namespace kadsim::tools {

/// What `kadsim run` was told.
struct RunArguments {
  std::string file;
  std::filesystem::path directory;
  std::vector<std::string> overrides;
  int threads = 0;  ///< 0: all cores
  bool quiet = false;
  bool force = false;
};

/// The threads that a run may have.
int threads_of(const RunArguments& arguments);

/// Plays all runs of a plan, as many side by side as threads and memory allow, writes their results
/// and prints the report on them. Returns an exit code.
int play_many_runs(const RunArguments& arguments, const RunPlan& plan);

/// Reads the data files of all points of a plan; see `check_data`.
void check_data(const RunPlan& plan);

}  // namespace kadsim::tools

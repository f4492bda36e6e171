#pragma once

#include "sim/results/result_files.hpp"
#include "sim/results/result_folder.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/sweep/many_runs.hpp"

namespace kadsim {

/// Writes the files that stand above the folders of many runs, and commits the folder:
/// scenario.json, runs.csv with a row for each run, manifest.json and timing.json. Everything but
/// timing.json and the part "build" of the manifest follows from the scenario alone. Throws
/// OutputError.
void write_many_results(ResultFolder& folder, const RunPlan& plan, const ManyRunsResult& result,
                        const RunTiming& timing, std::size_t side_by_side, const BuildInfo& build);

}  // namespace kadsim

#pragma once

#include "sim/results/result_files.hpp"
#include "sim/results/result_folder.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/sweep/many_runs.hpp"

namespace kadsim {

/// Writes what stands above the folders of many runs: scenario.json, runs.csv with a row a run,
/// manifest.json and timing.json; and commits the folder. All but timing.json and the manifest's
/// part "build" follow from the scenario alone. Throws OutputError.
void write_many_results(ResultFolder& folder, const RunPlan& plan, const ManyRunsResult& result,
                        const RunTiming& timing, std::size_t side_by_side, const BuildInfo& build);

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <string_view>

#include "sim/measure/result_folder.hpp"
#include "sim/run/many_runs.hpp"
#include "sim/run/result_files.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

// timing.json and manifest.json of one run, and of many. A manifest closes the files that it lists,
// all that its folder has begun, and is begun itself.

void write_timing(FileWriter& file, const RunResult& result, const RunTiming& timing);
void write_manifest(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                    const RunResult& result, const BuildInfo& build);

void write_many_timing(FileWriter& file, const ManyRunsResult& result, const RunTiming& timing,
                       std::size_t side_by_side);
void write_many_manifest(ResultFolder& folder, const RunPlan& plan, const ManyRunsResult& result,
                         const BuildInfo& build);

}  // namespace kadsim

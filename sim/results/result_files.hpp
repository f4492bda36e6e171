#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/results/provenance.hpp"
#include "sim/results/result_folder.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

inline constexpr std::string_view kScenarioJson = "scenario.json";
inline constexpr std::string_view kRunsCsv = "runs.csv";
inline constexpr std::string_view kOperationsCsv = "operations.csv";
inline constexpr std::string_view kConnectionsCsv = "connections.csv";
inline constexpr std::string_view kLimitsCsv = "limits.csv";
inline constexpr std::string_view kFingerprintsCsv = "fingerprints.csv";
inline constexpr std::string_view kTimingJson = "timing.json";

/// The names of all files that a run may write, in the order in which they appear in its folder.
std::vector<std::string> result_file_names();

/// Writes all files of a run into the folder and commits it, except for connections.csv, which was
/// written while the run was played. Everything but timing.json and the part "build" of the
/// manifest follows from the scenario alone. `scenario_text` is the effective scenario, as
/// `print_scenario` gives it. Throws OutputError.
void write_results(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                   const RunResult& result, const RunTiming& timing, const BuildInfo& build);

}  // namespace kadsim

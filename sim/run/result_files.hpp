#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/hash/hash.hpp"
#include "sim/measure/result_folder.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// Which program made the results.
struct BuildInfo {
  std::string version;
  std::string commit;
  std::string compiler;
  std::string flags;
};

/// What a run took; differs from run to run and from machine to machine.
struct RunTiming {
  double build_seconds = 0;
  double play_seconds = 0;
  double wall_seconds = 0;  ///< of the whole run
  double cpu_seconds = 0;   ///< of all threads
  std::uint64_t peak_memory_bytes = 0;
  int threads = 0;
  std::string host;
};

inline constexpr std::string_view kScenarioJson = "scenario.json";
inline constexpr std::string_view kRunsCsv = "runs.csv";
inline constexpr std::string_view kOperationsCsv = "operations.csv";
inline constexpr std::string_view kConnectionsCsv = "connections.csv";
inline constexpr std::string_view kLimitsCsv = "limits.csv";
inline constexpr std::string_view kFingerprintsCsv = "fingerprints.csv";
inline constexpr std::string_view kTimingJson = "timing.json";

/// Names of all files a run may write, in the order in which they appear.
std::vector<std::string> result_file_names();

/// Writes all files of a run but connections.csv, which was written while it played, into the
/// folder, and commits it. All but timing.json and the manifest's part "build" follow from the
/// scenario alone. `scenario_text` is the effective scenario, as print_scenario gives it. Throws
/// OutputError.
void write_results(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                   const RunResult& result, const RunTiming& timing, const BuildInfo& build);

}  // namespace kadsim

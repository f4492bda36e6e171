#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/measure/fingerprint.hpp"
#include "sim/results/provenance.hpp"
#include "sim/results/result_folder.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

// timing.json and manifest.json of one run, and of many. Writing a manifest closes the files that
// it lists, which are all that its folder has begun, and begins the manifest itself.

/// A run in the manifest of many.
struct ListedRun {
  std::string folder;  ///< below that of the manifest, with '/' between its parts
  Hash scenario_sha256;
  Fingerprint fingerprint;
};

/// What the manifest of many runs says besides its files.
struct ManyManifest {
  std::string scenario_name;
  Hash scenario_sha256;
  std::size_t points = 0;
  std::uint32_t first_replica = 0;
  std::uint32_t replicas = 0;  ///< of each point
  Fingerprint fingerprint;     ///< the sum of those of all runs
  std::uint64_t records = 0;   ///< in all fingerprints
  std::vector<ListedRun> runs;
};

/// What the timing of many runs says besides what every timing does.
struct ManyCounts {
  std::size_t runs = 0;
  std::size_t side_by_side = 0;
  std::uint64_t events = 0;  ///< of all runs
};

void write_timing(FileWriter& file, const RunResult& result, const RunTiming& timing);
void write_manifest(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                    const RunResult& result, const BuildInfo& build);

void write_many_timing(FileWriter& file, const ManyCounts& counts, const RunTiming& timing);
void write_many_manifest(ResultFolder& folder, const ManyManifest& manifest,
                         const BuildInfo& build);

}  // namespace kadsim

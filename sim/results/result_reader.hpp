#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/measure/run_comparison.hpp"

namespace kadsim {

/// The results of one run, as far as its manifest and scenario tell them. Operations are read
/// separately, as there may be many.
struct StoredRun {
  std::filesystem::path folder;
  std::uint32_t replica = 0;
  std::uint64_t seed = 0;
  std::string world;
  std::string workload;
  std::string fingerprint;
  std::string operations_sha256;                ///< empty: there is no operations.csv
  std::map<std::string, std::string> settings;  ///< the path of each key -> its value as JSON

  /// True if operation i of one run may be compared with operation i of the other.
  [[nodiscard]] bool pairs_with(const StoredRun& other) const {
    return world == other.world && workload == other.workload;
  }
};

/// The runs of one setting.
struct StoredPoint {
  std::string name;             ///< empty: the results had no axis
  std::vector<StoredRun> runs;  ///< in the order of their replicas, never empty
};

/// The results in a folder, which may be that of one run, of many runs, or of one point of many
/// runs: a folder of replicas.
///
/// Throws UnreadableError if the folder or a file that belongs there is missing, and InputError
/// with the file if it was written by another version of kadsim than `version` or does not match
/// its manifest. Each file is checked when it is used: scenario.json here by its SHA-256,
/// operations.csv in `read_operations`, and the manifest of many runs against those of the runs.
std::vector<StoredPoint> read_results(const std::filesystem::path& folder,
                                      std::string_view version);

/// operations.csv of a run, by number. Throws as above, as `read_operation_samples` does, and
/// InputError if the run wrote no such file.
std::vector<OperationSample> read_operations(const StoredRun& run);

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/measure/run_comparison.hpp"

namespace kadsim {

/// The results of one run, as far as its manifest and scenario tell. Operations are read apart, as
/// they may be many.
struct StoredRun {
  std::filesystem::path folder;
  std::uint32_t replica = 0;
  std::uint64_t seed = 0;
  std::string world;
  std::string workload;
  std::string fingerprint;
  std::string operations_sha256;                ///< empty: there is no operations.csv
  std::map<std::string, std::string> settings;  ///< path of each key -> JSON, see `differing`

  /// May operation i of one be compared with operation i of the other?
  [[nodiscard]] bool pairs_with(const StoredRun& other) const {
    return world == other.world && workload == other.workload;
  }
};

/// The runs of one setting.
struct StoredPoint {
  std::string name;             ///< empty: the results had no axis
  std::vector<StoredRun> runs;  ///< by replica, never empty
};

/// The results in a folder: of one run; of many; or of one point of many, a folder of replicas.
///
/// Throws UnreadableError if the folder or a file that belongs there is missing, InputError with
/// the file if it was written by a kadsim of another version than `version`, or is not what its
/// manifest says. Files are compared with their SHA-256 as far as they are used: manifests of many
/// with those of their runs, scenario.json here, operations.csv in `read_operations`.
std::vector<StoredPoint> read_results(const std::filesystem::path& folder,
                                      std::string_view version);

/// operations.csv of a run, by number. Throws as above, as `read_operation_samples` does, and
/// InputError if the run wrote no such file.
std::vector<OperationSample> read_operations(const StoredRun& run);

}  // namespace kadsim

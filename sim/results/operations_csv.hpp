#pragma once

#include <filesystem>
#include <vector>

#include "sim/measure/run_comparison.hpp"
#include "sim/results/file_writer.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

// operations.csv, written and read; docs/output.md says what its columns mean.

/// Writes a row for each operation of the run, by number. `scenario` is the one that was played.
void write_operations(FileWriter& file, const Scenario& scenario, const RunResult& result);

/// What of each operation in the file at `path` is compared with another run, by number. Reads the
/// columns that it needs by their titles and ignores all others. Throws InputError with file, line,
/// column and value for a cell that `write_operations` would not have written.
[[nodiscard]] std::vector<OperationSample> read_operation_samples(
    const std::filesystem::path& path);

}  // namespace kadsim

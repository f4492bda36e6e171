#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/kadsim/benchmark.hpp"

namespace kadsim::tools {

/// The file name of an export: `name` and the name of the benchmark joined by an underscore, with
/// blanks replaced by underscores.
std::string csv_name(const std::string& name, const Benchmark& benchmark);

/// Writes the columns of py-dht (round, start_time, finish_time, task_prep_time, duration_s,
/// failed) to a file under a temporary name, then renames it. Throws OutputError.
void write_rounds(const std::filesystem::path& file, const std::vector<Round>& rounds);

/// Reads such a file, written by kadsim or by py-dht. Throws UnreadableError if it cannot be read,
/// and InputError with the line for a cell that is not a number, or for a missing column.
std::vector<Round> read_rounds(const std::filesystem::path& file);

/// Whether and how far the median of a benchmark has moved. Each median has a distribution-free 95
/// % interval from the order statistics of its rounds (Hahn & Meeker, "Statistical intervals",
/// 1991, sec. 5.2). If the two intervals overlap or are less than 5 % apart, the verdict is "same".
struct Comparison {
  /// faster, slower, same, or too few: below 6 rounds there is no such interval.
  const char* verdict = "same";
  double ratio = 1;  ///< median now / median before
  double least = 1;  ///< the interval of the ratio that the two intervals allow
  double most = 1;
};
Comparison compare(const std::vector<Round>& before, const std::vector<Round>& now);

}  // namespace kadsim::tools

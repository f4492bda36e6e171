#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/kadsim/benchmark.hpp"

namespace kadsim::tools {

/// NAME_BENCHMARK.csv, blanks as underscores.
std::string csv_name(const std::string& name, const Benchmark& benchmark);

/// Writes py-dht's columns, round,start_time,finish_time,task_prep_time,duration_s,failed, under a
/// temporary name and renames. Throws OutputError.
void write_rounds(const std::filesystem::path& file, const std::vector<Round>& rounds);

/// Reads such a file, of ours or of py-dht's. Throws UnreadableError if it can't be read,
/// InputError with its line for what is not a number or a column that is missing.
std::vector<Round> read_rounds(const std::filesystem::path& file);

/// Did the median move? Each median has a distribution-free 95 % interval from the order statistics
/// of its rounds (Hahn & Meeker, "Statistical intervals", 1991, sec. 5.2); if the two overlap, or
/// are less than 5 % apart, the answer is "same".
struct Comparison {
  const char* verdict =
      "same";  ///< faster, slower, same, or too few (under 6 rounds there is no such interval)
  double ratio = 1;  ///< median now / median before
  double least = 1;  ///< the interval of the ratio that the two intervals allow
  double most = 1;
};
Comparison compare(const std::vector<Round>& before, const std::vector<Round>& now);

}  // namespace kadsim::tools

#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/results/point_comparison.hpp"

namespace kadsim::tools {

/// The comparison of one point for a person at a terminal: what was set differently, what came of
/// it for each kind of operation, and a verdict in a sentence.
std::string format_diff(const PointComparison& point);

/// The same as CSV, a row a figure; see docs/diff.md. Throws OutputError.
void write_diff_csv(const std::filesystem::path& file, const std::vector<PointComparison>& points);

}  // namespace kadsim::tools

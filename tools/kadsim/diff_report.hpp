#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/results/point_comparison.hpp"

namespace kadsim::tools {

/// The comparison of one point for a terminal: which settings differ, what difference that made to
/// each kind of operation, and a verdict in a sentence.
std::string format_diff(const PointComparison& point);

/// Writes the same as CSV, with a row for each figure; see docs/diff.md. Throws OutputError.
void write_diff_csv(const std::filesystem::path& file, const std::vector<PointComparison>& points);

}  // namespace kadsim::tools

#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/run/simulation.hpp"

namespace kadsim {

/// Scenarios of tests/golden by name, sorted.
std::vector<std::string> golden_names();
Scenario golden_scenario(const std::string& name);

/// The stored fingerprints by scenario: tests/golden/fingerprints.csv.
std::map<std::string, std::string> stored_fingerprints();

/// Writes `actual` beside the stored ones, for `tools/approve`.
void write_actual(const std::map<std::string, std::string>& actual);

}  // namespace kadsim

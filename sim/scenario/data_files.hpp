#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// The scenario with every path of a data file as it can be opened: joined to the folder of the
/// scenario file, unless absolute. `folder` is empty then, so that doing it again changes nothing.
/// For the world that reads the files; what is printed is the scenario as it was before.
[[nodiscard]] Scenario with_found_files(Scenario scenario);

/// Paths of all data files of a scenario as they can be opened, in the order of the descriptions,
/// each once.
[[nodiscard]] std::vector<std::string> data_files(const Scenario& scenario);

}  // namespace kadsim

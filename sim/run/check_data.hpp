#pragma once

#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// Reads every data file that a scenario names and discards its content. Throws InputError or
/// UnreadableError for the first file that cannot be used. Also checks that each listed origin is a
/// node of the network.
void check_data(const Scenario& scenario);

}  // namespace kadsim

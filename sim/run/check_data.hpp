#pragma once

#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// Reads every data file of a scenario and throws away what it says: InputError or UnreadableError
/// for the first that can't be used. Whether listed origins are nodes is checked too.
void check_data(const Scenario& scenario);

}  // namespace kadsim

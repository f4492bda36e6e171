#pragma once

#include "core/random/quantile_table.hpp"
#include "sim/world/network_options.hpp"

namespace kadsim {

/// The quantiles, in ns, of a delay model that is a distribution: all but matrix and regions, whose
/// delays depend on the nodes (an assertion). No delay is below 2 ns, since a message takes
/// at least 1. Throws InputError if a file cannot be used.
QuantileTable make_delay_table(const DelayModel& model);

}  // namespace kadsim

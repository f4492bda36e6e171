#pragma once

#include "sim/scenario/fields.hpp"
#include "sim/world/network_options.hpp"

namespace kadsim {

/// Six regions of the world with the shares of Bitcoin's nodes and the delays of 2019.
///
/// Source: SimBlock (dsg-titech/simblock, NetworkConfiguration.java),
/// REGION_DISTRIBUTION_BITCOIN_2019 and LATENCY_2019. Departure: SimBlock's figure is the mean
/// delay of one message; a round trip here is twice the figure, without its 20 % spread.
[[nodiscard]] delay::Regions simblock_regions();

/// Fills in simblock_regions() if names, shares and delays are all absent, and checks that they fit
/// each other: as many shares and rows as names, shares that sum to 1, a symmetric matrix.
void complete_and_check_regions(Rules& rules, delay::Regions& regions);

}  // namespace kadsim

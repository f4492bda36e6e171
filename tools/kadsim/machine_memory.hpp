#pragma once

#include <cstdint>
#include <string>

#include "sim/scenario/scenario.hpp"

namespace kadsim::tools {

/// Memory that this process may have, in bytes: the machine's, or the limit of its control group
/// where that is less. 0 if the system doesn't tell.
std::uint64_t machine_memory();

/// "84 MB", "1.5 GB": powers of 1000, two digits or more.
std::string format_bytes(std::uint64_t bytes);

/// Throws InputError if the scenario needs more memory than `machine_bytes`, with the estimate and
/// what would help. `file` is where the scenario stands. 0 bytes: not known, so anything fits.
void require_fit(const std::string& file, const Scenario& scenario, std::uint64_t machine_bytes);

}  // namespace kadsim::tools

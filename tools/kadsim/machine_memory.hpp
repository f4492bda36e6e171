#pragma once

#include <cstdint>
#include <string>

#include "sim/scenario/scenario.hpp"

namespace kadsim::tools {

/// The memory that this process may use, in bytes: that of the machine, or the limit of its control
/// group if that is less. 0 if the system does not say.
std::uint64_t machine_memory();

/// "84 MB", "1.5 GB": powers of 1000, two digits or more.
std::string format_bytes(std::uint64_t bytes);

/// Throws InputError if the scenario needs more memory than `machine_bytes`, with the estimate and
/// advice. `file` is the name of the scenario file. Accepts every scenario if `machine_bytes` is 0,
/// which means that the memory is not known.
void require_fit(const std::string& file, const Scenario& scenario, std::uint64_t machine_bytes);

}  // namespace kadsim::tools

#pragma once

#include "sim/results/provenance.hpp"

namespace kadsim::tools {

/// Version, commit, compiler and flags of this program, as CMake recorded them.
BuildInfo build_info();

}  // namespace kadsim::tools

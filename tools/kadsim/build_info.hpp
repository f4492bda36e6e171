#pragma once

#include "sim/results/provenance.hpp"

namespace kadsim::tools {

/// Version, commit, compiler and flags of this program, as CMake knew them.
BuildInfo build_info();

}  // namespace kadsim::tools

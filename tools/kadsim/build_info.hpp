#pragma once

#include "sim/run/result_files.hpp"

namespace kadsim::tools {

/// Version, commit, compiler and flags of this program, as CMake knew them.
BuildInfo build_info();

}  // namespace kadsim::tools

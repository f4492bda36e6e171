#pragma once

#include <string>

#include "sim/measure/run_comparison.hpp"

namespace kadsim::tools {

/// Differences in words: "B against A: 12.3 % faster at the median (10.1 to 14.5 %), no difference
/// shown at p99 (B - A: -3.0 to 4.2 %), 2.0 % more RPCs (1.9 to 2.1 %)". Per cent of A's figure,
/// with the 95 % interval. A difference is claimed only where the interval excludes 0; recall and
/// success are mentioned only then. Each figure has a line, all but the first indented.
std::string verdict_of(const Differences& differences);

}  // namespace kadsim::tools

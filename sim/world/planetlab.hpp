#pragma once

#include <array>
#include <cstdint>

namespace kadsim {

/// Round-trip times measured between 490 PlanetLab nodes, in us: element i is the i-th permille,
/// not decreasing. The source stands in planetlab.cpp.
const std::array<std::int32_t, 1001>& planetlab_permilles_us();

/// The last of them divided again, since the tail is long: element i is the quantile at 0.999 +
/// i / 100'000, from permille 999 to permille 1000. The mean, linear between all, is 148.0 ms.
const std::array<std::int32_t, 101>& planetlab_last_permille_us();

}  // namespace kadsim

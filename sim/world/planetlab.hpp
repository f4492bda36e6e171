#pragma once

#include <array>
#include <cstdint>

namespace kadsim {

/// Round-trip times measured between 490 PlanetLab nodes, in us: element i is the i-th permille. Mean 148.0 ms.
/// The source stands in planetlab.cpp.
const std::array<std::int32_t, 1001>& planetlab_permilles_us();

}  // namespace kadsim

#pragma once

#include <cstdint>

namespace kadsim {

/// What passed a gate, since the start.
struct GateCounts {
  std::uint64_t entered = 0;  ///< at once or after a wait
  std::uint64_t waited = 0;   ///< had to wait, whatever came of it
  std::uint64_t refused = 0;  ///< at once or after a wait
  std::uint64_t revoked = 0;  ///< had entered

  GateCounts& operator+=(const GateCounts& other) {
    entered += other.entered;
    waited += other.waited;
    refused += other.refused;
    revoked += other.revoked;
    return *this;
  }
};

}  // namespace kadsim

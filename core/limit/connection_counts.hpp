#pragma once

#include <cstdint>

#include "core/limit/gate_counts.hpp"

namespace kadsim {

/// What became of dials and connections, since the start.
struct ConnectionCounts {
  GateCounts dials;             ///< `revoked`: connections, dialled or being dialled
  std::uint64_t reused = 0;     ///< dials that were not needed
  std::uint64_t collected = 0;  ///< connections without a user
  std::uint64_t replaced = 0;   ///< entries of buckets that gave way to better ones

  ConnectionCounts& operator+=(const ConnectionCounts& other) {
    dials += other.dials;
    reused += other.reused;
    collected += other.collected;
    replaced += other.replaced;
    return *this;
  }
};

}  // namespace kadsim

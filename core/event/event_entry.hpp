#pragma once

#include <cstdint>

#include "core/time/time.hpp"

namespace kadsim {

/// Place of an event in the total order: by time, then by `order`, then first come, first served.
struct EventKey {
  SimTime time;
  std::uint64_t order = 0;
  std::uint64_t sequence = 0;  ///< counts what was pushed; unique

  friend constexpr bool operator<(const EventKey& a, const EventKey& b) {
    if (a.time != b.time) return a.time < b.time;
    return a.order != b.order ? a.order < b.order : a.sequence < b.sequence;
  }
};

/// What a queue holds of an event: when it runs, and where the rest of it lies. Half a cache line.
struct EventEntry {
  EventKey key;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

}  // namespace kadsim

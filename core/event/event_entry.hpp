#pragma once

#include <cstdint>

#include "core/time/time.hpp"

namespace kadsim {

/// What the queue holds of an event: when it runs, and where the rest of it lies. Small, since with
/// many events pending the memory that goes through the caches is what costs time.
struct EventEntry {
  SimTime time;
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< of the slot
};

/// Place among the events of one instant: by `order`, then first come, first served. It lies in the
/// slot, and is looked up where two times are equal.
struct EventRank {
  std::uint64_t order = 0;
  std::uint64_t sequence = 0;  ///< counts what was scheduled; unique

  friend constexpr bool operator<(const EventRank& a, const EventRank& b) {
    return a.order != b.order ? a.order < b.order : a.sequence < b.sequence;
  }
};

/// An entry with its place in the total order: by time, then by rank.
struct RankedEntry {
  EventEntry entry;
  EventRank rank;

  friend constexpr bool operator<(const RankedEntry& a, const RankedEntry& b) {
    return a.entry.time != b.entry.time ? a.entry.time < b.entry.time : a.rank < b.rank;
  }
};

}  // namespace kadsim

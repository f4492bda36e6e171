#pragma once

#include <cstdint>

namespace kadsim {

/// What this program has asked `new` for, counted by replacing it: every thread, every library that
/// uses it.
struct CountedMemory {
  std::uint64_t allocations = 0;  ///< so far
  std::uint64_t live_bytes = 0;
  std::uint64_t peak_bytes = 0;  ///< since `restart_peak`
};
CountedMemory counted_memory();
/// From now on the peak is that of what follows.
void restart_peak();

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <string>

namespace kadsim {

/// Which program made the results: the part "build" of a manifest, and its version.
struct BuildInfo {
  std::string version;
  std::string commit;
  std::string compiler;
  std::string flags;
};

/// What a run took: timing.json. Differs from run to run and from machine to machine.
struct RunTiming {
  double build_seconds = 0;
  double play_seconds = 0;
  double wall_seconds = 0;  ///< of the whole run
  double cpu_seconds = 0;   ///< of all threads
  std::uint64_t peak_memory_bytes = 0;
  int threads = 0;
  std::string host;
};

}  // namespace kadsim

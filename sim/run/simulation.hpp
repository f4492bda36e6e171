#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>

#include "sim/results/file_writer.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/dht_network.hpp"

namespace kadsim {

/// How far a run is.
struct RunProgress {
  std::uint64_t ended = 0;  ///< operations
  std::uint64_t operations = 0;
  std::uint64_t events = 0;
  SimTime now;
};

enum class RunPhase : std::uint8_t { kBuilding, kPlaying, kDone };

/// What a run tells its caller, who has the clock: nothing that is told can change a result.
struct RunHooks {
  std::function<void(RunPhase)> on_phase;  ///< may be empty
  std::function<bool(const RunProgress&)>
      on_progress;                    ///< every few thousand events; false: give up
  FileWriter* connections = nullptr;  ///< where connections.csv goes; null: nowhere
  int threads = 0;                    ///< for building; 0: all cores
  SetupProgress* setup = nullptr;     ///< told how far the building is; null: nobody is
  bool prefetch = true;               ///< as of NetworkSetup
  std::uint64_t machine_bytes = 0;    ///< memory there is, for `storage: auto`; 0: not known
};

/// The caller gave up; there are no results.
class RunInterrupted : public std::runtime_error {
 public:
  RunInterrupted() : std::runtime_error("interrupted") {}
};

/// Plays a scenario from beginning to end: builds the network on all cores, then plays it on this
/// one. The function behind `kadsim run`. Throws InputError if a data file or a setting can't be
/// used, RunInterrupted, or AssertionError with the run's seed, scenario, time and event.
RunResult run_simulation(const Scenario& scenario, const RunHooks& hooks = {});

}  // namespace kadsim

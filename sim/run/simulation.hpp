#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>

#include "sim/results/file_writer.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/dht_network.hpp"

namespace kadsim {

/// How far a run has come.
struct RunProgress {
  std::uint64_t ended = 0;       ///< operations that have ended
  std::uint64_t operations = 0;  ///< all of the workload
  std::uint64_t events = 0;
  SimTime now;
};

enum class RunPhase : std::uint8_t { kBuilding, kPlaying, kDone };

/// What a run tells its caller while it goes on, and what it may use. Only the caller has a clock.
/// Nothing here can change a result.
struct RunHooks {
  std::function<void(RunPhase)> on_phase;  ///< called when a phase begins; may be empty
  /// Called every few thousand events, may be empty. The run gives up when it returns false.
  std::function<bool(const RunProgress&)> on_progress;
  FileWriter* connections = nullptr;  ///< where connections.csv goes; null: nowhere
  int threads = 0;                    ///< that build the network; 0: all cores
  SetupProgress* setup = nullptr;     ///< is told how far the building is; may be null
  bool prefetch = true;               ///< as of NetworkSetup
  std::uint64_t machine_bytes = 0;    ///< memory there is, for `storage: auto`; 0: not known
};

/// The caller gave up; there are no results.
class RunInterrupted : public std::runtime_error {
 public:
  RunInterrupted() : std::runtime_error("interrupted") {}
};

/// Plays a scenario from beginning to end: builds the network on `hooks.threads` threads, then
/// plays it on the calling one. This is the function behind `kadsim run`.
///
/// Throws InputError if a data file or a setting cannot be used; RunInterrupted if the caller gave
/// up; AssertionError, with the scenario, seed, virtual time and number of events, for a fault of
/// the program.
RunResult run_simulation(const Scenario& scenario, const RunHooks& hooks = {});

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <vector>

#include "sim/measure/content_hash.hpp"
#include "sim/measure/file_writer.hpp"
#include "sim/measure/fingerprint_timeline.hpp"
#include "sim/measure/operation_row.hpp"
#include "sim/measure/operation_statistics.hpp"
#include "sim/run/limit_rows.hpp"
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

/// Does this operation count in the summary?
bool is_measured(const OperationRow& row, const MeasureOptions& measure);

/// What a run came to.
struct RunResult {
  std::vector<OperationRow> rows;             ///< one an operation, by number
  std::vector<OperationStatistics> by_entry;  ///< over the operations that arrived within `measure`
  std::vector<std::uint64_t>
      entry_begin;  ///< number of the first operation of each entry, and the end
  FingerprintTimeline fingerprint;
  ContentHash world;     ///< of hashes and tables at time 0, see world_hash.hpp
  ContentHash workload;  ///< of origins and targets
  NetworkSummary network;
  std::vector<LimitRow> limits;                       ///< empty: clients have none
  std::uint64_t events = 0;                           ///< that the scheduler ran
  TableStorage storage = TableStorage::kPrecomputed;  ///< what `auto` came to
  std::uint64_t table_bytes = 0;
  SimTime end;  ///< of the last event, or stop.at

  /// Over all entries of one kind.
  [[nodiscard]] OperationStatistics of_kind(OperationKind kind,
                                            const std::vector<WorkloadEntry>& entries) const;
};

/// Plays a scenario from beginning to end: builds the network on all cores, then plays it on this
/// one. The function behind `kadsim run`. Throws InputError if a data file or a setting can't be
/// used, RunInterrupted, or AssertionError with the run's seed, scenario, time and event.
RunResult run_simulation(const Scenario& scenario, const RunHooks& hooks = {});

}  // namespace kadsim

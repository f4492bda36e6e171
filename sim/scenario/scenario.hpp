#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/time/time.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/workload/workload_options.hpp"
#include "sim/world/network_options.hpp"

namespace kadsim {

struct MeasureOptions {
  SimTime from;                  ///< operations that arrive earlier are left out of the summary
  std::optional<SimTime> until;  ///< and those that arrive at or after this; none: to the end
};

struct OutputOptions {
  bool operations = true;    ///< write operations.csv
  bool connections = false;  ///< write connections.csv
};

/// A setting of several keys at once, by name.
struct NamedPoint {
  std::string name;
  std::vector<Setting> set;  ///< one value each
};

/// No scenario is more runs than this.
inline constexpr std::uint32_t kMaxRuns = 10'000;

/// What turns a scenario into many runs; by default it is one. See run_plan.hpp.
struct RunsOptions {
  std::uint32_t replicas = 1;      ///< replicas `replica`, `replica` + 1, ... of each point
  std::vector<NamedPoint> points;  ///< and/or
  std::vector<Setting> sweep;      ///< keys with the values that each takes

  [[nodiscard]] bool one() const { return replicas == 1 && points.empty() && sweep.empty(); }
};

/// One run, checked, with every default filled in. What the scenario file says and no more: paths
/// of data files are as written there, relative to `folder` (see data_files.hpp).
struct Scenario {
  std::string name;
  std::string description;
  std::uint64_t seed = 1;
  std::uint32_t replica = 0;
  RunsOptions runs;  ///< not looked at where a scenario is run as one run
  NetworkOptions network;
  ClientOptions client;
  std::vector<WorkloadEntry> workload;  ///< never empty
  MeasureOptions measure;
  std::optional<SimTime> stop_at;  ///< the run is cut off here; none: it ends with its last event
  OutputOptions output;

  std::string
      folder;  ///< of the scenario file, empty for the current one; not part of the scenario
};

}  // namespace kadsim

#include "sim/run/simulation.hpp"

#include "core/base/assert.hpp"
#include "sim/input/setting_error.hpp"
#include "sim/run/memory_estimate.hpp"
#include "sim/run/run_recorder.hpp"
#include "sim/run/world_hash.hpp"
#include "sim/scenario/data_files.hpp"
#include "sim/scenario/duration_text.hpp"
#include "sim/scenario/limit_file.hpp"
#include "sim/workload/list_file.hpp"
#include "sim/workload/workload_player.hpp"

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <optional>

namespace kadsim {
namespace {

constexpr std::uint64_t kEventsPerSlice = 16'384;

// An event at this time schedules others at most a few years later, so times stay far below 2^63.
constexpr SimTime kEndOfTime = SimTime::at(Duration::hours(2'190'000));  // 250 years
static_assert(kEndOfTime > kLastArrival);

struct Described {
  const Scenario& scenario;
  const Scheduler& scheduler;
};

std::string describe(const void* subject) {
  const auto& [scenario, scheduler] = *static_cast<const Described*>(subject);
  return fmt::format(
      "scenario '{}', seed {}, replica {}, at {} ns of virtual time, after {} events",
      scenario.name, scenario.seed, scenario.replica, scheduler.now().ns(), scheduler.events_run());
}

std::unique_ptr<DhtNetwork> build(const Scenario& scenario, Scheduler& scheduler,
                                  const RunHooks& hooks) {
  const NetworkSetup setup{scenario.network, scenario.client, scenario.seed,
                           scenario.replica, hooks.setup,     hooks.prefetch};
  const auto make = [&] { return DhtNetwork::init_with_random_peers(setup, scheduler); };
  if (hooks.threads <= 0) return make();
  // With one thread the caller's own is used, and no limit is set for the others of the program:
  // runs may play side by side.
  std::optional<tbb::global_control> limit;
  if (hooks.threads > 1) {
    limit.emplace(tbb::global_control::max_allowed_parallelism,
                  static_cast<std::size_t>(hooks.threads));
  }
  return tbb::task_arena(hooks.threads).execute(make);
}

std::unique_ptr<DhtNetwork> build_unless_cancelled(const Scenario& scenario, Scheduler& scheduler,
                                                   const RunHooks& hooks) {
  try {
    return build(scenario, scheduler, hooks);
  } catch (const SetupCancelled&) {
    throw RunInterrupted();
  }
}

void read_limits(ClientOptions& client) {
  auto& scopes = client.resources.go_libp2p;
  if (scopes && scopes->limit_file) scopes->limits = read_limit_file(*scopes->limit_file);
}

void play(const Scenario& scenario, const RunHooks& hooks, Scheduler& scheduler,
          WorkloadPlayer& player, std::uint64_t operations) {
  const SimTime until = scenario.stop_at.value_or(kEndOfTime);
  player.start();
  while (scheduler.run_slice(until, kEventsPerSlice)) {
    if (!hooks.on_progress) continue;
    if (!hooks.on_progress({player.ended(), operations, scheduler.events_run(), scheduler.now()})) {
      throw RunInterrupted();
    }
  }
  if (!scheduler.next_time().has_value()) return;
  if (!scenario.stop_at.has_value()) {
    throw SettingError(
        "stop.at",
        fmt::format("the run has not ended after {} of virtual time, {} of {} "
                    "operations have",
                    format_duration(kEndOfTime - SimTime()), player.ended(), operations),
        "want a time at which it is cut off, or less work");
  }
  scheduler.run_until(until);
  player.stop();
}

}  // namespace

RunResult run_simulation(const Scenario& given, const RunHooks& hooks) {
  Scenario scenario = with_found_files(given);
  read_limits(scenario.client);
  for (GroupOptions& group : scenario.network.groups) {
    if (group.client.has_value()) read_limits(*group.client);
  }
  if (IdentityOptions& chosen = scenario.network.identities; chosen.file) {
    chosen.hashes = read_identities(*chosen.file, scenario.network.nodes);
  }
  scenario.network.storage = settled_storage(scenario, hooks.machine_bytes);
  const auto phase = [&](RunPhase now) {
    if (hooks.on_phase) hooks.on_phase(now);
  };
  Scheduler scheduler;
  const Described described{scenario, scheduler};
  const AssertionContext context(describe, &described);

  phase(RunPhase::kBuilding);
  const auto network = build_unless_cancelled(scenario, scheduler, hooks);
  const Workload workload(scenario.workload, network->population(), scenario.seed,
                          scenario.replica);
  std::optional<ConnectionLog> connections;
  if (hooks.connections != nullptr)
    connections.emplace(*hooks.connections, workload, network->population());
  RunResult result;
  result.world = hash_of_world(scenario, *network);
  RunRecorder recorder(workload, *network, connections.has_value() ? &*connections : nullptr);
  network->connection().add_observer(recorder);
  WorkloadPlayer player(workload, *network, recorder);

  phase(RunPhase::kPlaying);
  play(scenario, hooks, scheduler, player, workload.size());
  phase(RunPhase::kDone);

  result.rows = recorder.take_rows();
  for (std::uint64_t i = 0; i < result.rows.size(); ++i) {
    if (result.rows[i].arrived) continue;
    const OperationRequest request = workload.request(workload.place(i));
    result.rows[i].target = request.target;
    result.rows[i].origin = network->population().birth(request.origin);
  }
  result.workload = hash_of_workload(result.rows);
  result.by_entry.resize(scenario.workload.size());
  result.entry_begin.push_back(0);
  for (const WorkloadEntry& entry : scenario.workload) {
    result.entry_begin.push_back(result.entry_begin.back() + entry.count);
  }
  result.groups = network->population().groups();
  const bool by_group = result.groups.any();
  if (by_group) result.by_entry_and_group.resize(scenario.workload.size());
  for (std::size_t e = 0; e < scenario.workload.size(); ++e) {
    for (std::uint64_t i = result.entry_begin[e]; i < result.entry_begin[e + 1]; ++i) {
      const OperationRow& row = result.rows[i];
      if (!is_measured(row, scenario.measure)) continue;
      result.by_entry[e].add(row);
      if (by_group) result.by_entry_and_group[e][result.groups.of(row.origin)].add(row);
    }
  }
  result.fingerprint = recorder.fingerprint();
  result.network = network->summary();
  if (const auto counts = network->limit_counts(); counts.has_value()) {
    result.limits = limit_rows(*counts, clients_by_group(scenario.network.groups, scenario.client));
  }
  result.events = scheduler.events_run();
  result.storage = scenario.network.storage;
  result.table_bytes = network->tables().bytes();
  result.end = scheduler.now();
  return result;
}

}  // namespace kadsim

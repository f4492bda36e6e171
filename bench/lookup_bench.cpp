// Lookups through run_simulation, the function behind `kadsim run`:
// lookup_rpcs/NODES/IN_FLIGHT/STRATEGY[/slow_errors], requests answered or failed in a second of
// processor time, building left out. The label is the run's fingerprint, which `kadsim run` gives
// for the same scenario; lookup_scenario.hpp says which.

#include "bench/lookup_scenario.hpp"
#include "sim/run/simulation.hpp"

#include <benchmark/benchmark.h>

#include <ctime>
#include <string>

namespace {

using namespace kadsim;

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void lookup_rpcs(benchmark::State& state, const LookupCase& played) {
  const Scenario scenario = lookup_scenario(played);
  std::uint64_t rpcs = 0;
  std::string fingerprint;
  for (auto _ : state) {
    double begin = 0;
    double seconds = 0;
    RunHooks hooks;
    hooks.on_phase = [&](RunPhase phase) {
      if (phase == RunPhase::kPlaying) begin = processor_seconds();
      if (phase == RunPhase::kDone) seconds = processor_seconds() - begin;
    };
    const RunResult result = run_simulation(scenario, hooks);
    state.SetIterationTime(seconds);
    for (const OperationStatistics& entry : result.by_entry) rpcs += entry.rpcs;
    fingerprint = result.fingerprint.total().hex();
  }
  state.SetLabel(fingerprint);
  state.SetItemsProcessed(static_cast<std::int64_t>(rpcs));
}

const bool registered = [] {
  const std::string window = "sliding-window";
  for (const LookupCase& c : {LookupCase{10'000, 1'000, window, "0", 40'000},
                              LookupCase{10'000, 1'000, window, "0.1", 40'000},
                              LookupCase{100'000, 1'000, window, "0", 40'000},
                              LookupCase{1'000'000, 1'000, window, "0", 40'000},
                              LookupCase{1'000'000, 1'000, window, "0.1", 40'000},
                              LookupCase{1'000'000, 100'000, window, "0", 300'000},
                              LookupCase{1'000'000, 100'000, window, "0.1", 300'000},
                              LookupCase{10'000, 1'000, "py-dht", "0", 40'000}}) {
    const std::string name = "lookup_rpcs/" + std::to_string(c.nodes) + "/" +
                             std::to_string(c.in_flight) + "/" + c.strategy +
                             (c.slow_errors == "0" ? "" : "/slow_errors");
    benchmark::RegisterBenchmark(name.c_str(), lookup_rpcs, c)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace

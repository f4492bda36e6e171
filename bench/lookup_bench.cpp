// Lookups through run_simulation, the function behind `kadsim run`:
// lookup_rpcs/NODES/IN_FLIGHT/STRATEGY. The label is the run's fingerprint, which `kadsim run`
// gives for the same scenario; lookup_scenario.hpp says which.

#include "bench/lookup_scenario.hpp"
#include "sim/run/simulation.hpp"

#include <benchmark/benchmark.h>

#include <ctime>
#include <string>

namespace {

using namespace kadsim;

double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void lookup_rpcs(benchmark::State& state, std::uint64_t nodes, std::uint32_t in_flight,
                 const std::string& strategy) {
  const Scenario scenario = lookup_scenario(nodes, in_flight, strategy, 20'000);
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
  struct Case {
    std::uint64_t nodes;
    std::uint32_t in_flight;
    const char* strategy;
  };
  for (const Case& c : {Case{10'000, 1'000, "sliding-window"},
                        Case{100'000, 1'000, "sliding-window"}, Case{10'000, 1'000, "py-dht"}}) {
    const std::string name = "lookup_rpcs/" + std::to_string(c.nodes) + "/" +
                             std::to_string(c.in_flight) + "/" + c.strategy;
    benchmark::RegisterBenchmark(name.c_str(), lookup_rpcs, c.nodes, c.in_flight, c.strategy)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace

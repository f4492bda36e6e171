// kadsim_hot_paths NAME runs a small, fixed piece of one hot path; without a name it lists them.
// Under `valgrind --tool=callgrind --collect-atstart=no` that gives a number of instructions,
// set-up left out, which hardly depends on the machine: tests/speed holds it down.

#include "bench/lookup_scenario.hpp"
#include "core/event/scheduler.hpp"
#include "core/random/random_stream.hpp"
#include "sim/measure/fingerprint_timeline.hpp"
#include "sim/measure/histogram.hpp"
#include "sim/run/simulation.hpp"
#include "sim/world/dht_network.hpp"
#include "sim/world/table_builder.hpp"

#include <tbb/global_control.h>
#include <valgrind/callgrind.h>

#include <cstdint>
#include <functional>
#include <iostream>
#include <optional>
#include <string_view>
#include <vector>

namespace {

using namespace kadsim;

// Counts the instructions of what happens while it lives.
class Counted {
 public:
  Counted() { CALLGRIND_TOGGLE_COLLECT; }
  ~Counted() { CALLGRIND_TOGGLE_COLLECT; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
};

struct Hold {
  Scheduler& scheduler;
  RandomSequence& random;
  void schedule() {
    const auto delay = static_cast<std::int64_t>(1 + random.below(200'000'000));
    scheduler.schedule_after(Duration::nanoseconds(delay), EventKind{"hold"}, 0,
                             [this] { schedule(); });
  }
};

void scheduler_hold() {
  const RandomStream stream(1, 0, "bench");
  RandomSequence random(stream, {0, 0, 0});
  Scheduler scheduler;
  Hold hold{scheduler, random};
  for (int i = 0; i < 10'000; ++i) hold.schedule();
  for (int i = 0; i < 20'000; ++i) scheduler.run_one();
  const Counted counted;
  for (int i = 0; i < 20'000; ++i) scheduler.run_one();
}

void timer_cancel() {
  Scheduler scheduler;
  std::vector<EventId> timers(1'000);
  std::int64_t time = 1;
  std::size_t oldest = 0;
  const auto renew = [&] {
    scheduler.cancel(timers[oldest]);
    timers[oldest] = scheduler.schedule_at(SimTime::at_ns(time++), EventKind{"timer"}, 0, [] {});
    oldest = (oldest + 1) % timers.size();
  };
  for (int i = 0; i < 5'000; ++i) renew();
  const Counted counted;
  for (int i = 0; i < 20'000; ++i) renew();
}

void table_fill(Fill fill) {
  const Population population(2'000, 1, 0, Probability());
  const RandomStream stream(1, 0, "network.tables");
  ArenaBuckets tables(20);
  const Counted counted;
  parallel_clilist_initializer(population, stream, {fill, 20}, tables);
}

void closest_contacts() {
  NetworkSetup setup;
  setup.network.nodes = 2'000;
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  std::vector<PeerRef> contacts;
  const Counted counted;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const Hash& target = network->population().hash({(i * 797) % 2'000});
    network->table({i}).closest(target, 20, contacts);
  }
}

// The true answer of a lookup, where as many nodes have joined as were there at time 0.
void closest_nodes_joined() {
  Population population(2'000, 1, 0, Probability());
  for (std::uint64_t i = 0; i < 2'000; ++i) population.join(named_hash("node", 1, 1, i));
  ClosestNodes closest_nodes(population);
  std::vector<PeerRef> found;
  const Counted counted;
  for (std::uint32_t i = 0; i < 2'000; ++i) {
    const Hash& target = population.hash({(i * 797) % 4'000});
    closest_nodes.find(target, 20, {i}, found);
    closest_nodes.is_among_closest({i * 2}, target, 20);
  }
}

// Playing only: the network is built before.
void lookups(const char* strategy) {
  const Scenario scenario =
      lookup_scenario({.nodes = 2'000, .in_flight = 100, .strategy = strategy, .lookups = 500});
  RunHooks hooks;
  std::optional<Counted> counted;
  hooks.on_phase = [&](RunPhase phase) {
    if (phase == RunPhase::kPlaying) counted.emplace();
    if (phase == RunPhase::kDone) counted.reset();
  };
  run_simulation(scenario, hooks);
}

void measuring() {
  FingerprintTimeline fingerprint;
  Histogram histogram;
  FingerprintRecord record;
  const Counted counted;
  for (int i = 0; i < 20'000; ++i) {
    ++record.operation;
    record.time = SimTime::at_ns(i * std::int64_t{100'000});
    fingerprint.add(record);
    histogram.add(i * 997);
  }
}

struct HotPath {
  std::string_view name;
  std::function<void()> run;
};

const std::vector<HotPath>& hot_paths() {
  static const std::vector<HotPath> paths = {
      {"scheduler_hold", scheduler_hold},
      {"timer_cancel", timer_cancel},
      {"table_fill_closest", [] { table_fill(Fill::kClosest); }},
      {"table_fill_random", [] { table_fill(Fill::kRandom); }},
      {"table_fill_balanced", [] { table_fill(Fill::kBalanced); }},
      {"closest_contacts", closest_contacts},
      {"closest_nodes_joined", closest_nodes_joined},
      {"lookups_sliding_window", [] { lookups("sliding-window"); }},
      {"lookups_py_dht", [] { lookups("py-dht"); }},
      {"measuring", measuring},
  };
  return paths;
}

}  // namespace

int main(int argc, char** argv) {
  const tbb::global_control one_thread(tbb::global_control::max_allowed_parallelism, 1);
  for (const HotPath& path : hot_paths()) {
    if (argc == 1) {
      std::cout << path.name << '\n';
    } else if (argv[1] == path.name) {
      path.run();
      return 0;
    }
  }
  if (argc == 1) return 0;
  std::cerr << "kadsim_hot_paths: no hot path of that name\n";
  return 2;
}

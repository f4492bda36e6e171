// Asking for memory ahead is a guess about the future: it may come at any time, and changes
// nothing.

#include "core/base/prefetching.hpp"
#include "core/lookup/strategies.hpp"
#include "sim/run/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

using namespace kadsim;

TEST_CASE("a strategy that was never started may be asked ahead", "[prefetch]") {
  std::vector<std::string> able;
  for (const StrategyInfo& info : lookup_strategies()) {
    const auto strategy = make_lookup_strategy(info.name);
    const auto* prefetching = dynamic_cast<const Prefetching*>(strategy.get());
    if (prefetching == nullptr) continue;
    able.emplace_back(info.name);
    CAPTURE(info.name);
    for (unsigned step = 0; step < 4; ++step) prefetching->prefetch(0, step);
    CHECK_FALSE(prefetching->likely_next(0).has_value());
  }
  std::ranges::sort(able);
  CHECK(able == std::vector<std::string>{"adaptive", "lock-step", "sliding-window"});
}

TEST_CASE("the contact that a window will probably ask next is the one it asks next",
          "[prefetch]") {
  PeerBook book;
  for (std::uint64_t i = 0; i < 8; ++i) book.add(small_hash(i, 3, 0));
  LookupOptions options;
  const auto lookup = make_lookup_strategy("sliding-window");
  const auto& prefetching = dynamic_cast<const Prefetching&>(*lookup);
  const std::vector<PeerRef> seeds{{1}, {2}, {3}};
  lookup->start({.book = &book, .options = &options, .origin = {7}}, seeds);
  for (const PeerRef seed : seeds) {
    CHECK(prefetching.likely_next(0) == seed.value);
    CHECK(lookup->next(SimTime()).contact == seed);
  }
  CHECK_FALSE(prefetching.likely_next(0).has_value());
}

namespace {

// Large enough for all stages: some are left out where the memory of all nodes is small.
Scenario large_network() {
  // Puts without a lookup come first, in slots whose strategies were never started.
  WorkloadEntry puts;
  puts.name = "put";
  puts.op = OperationKind::kPut;
  puts.count = 50;
  puts.arrival = ClosedLoop{50};
  WorkloadEntry lookups;
  lookups.name = "lookup";
  lookups.count = 200;
  lookups.arrival = ClosedLoop{100};
  Scenario scenario;
  scenario.network.nodes = 70'000;
  scenario.client.values.style = ValueStyle::kPyLibp2p;
  scenario.workload = {puts, lookups};
  return scenario;
}

struct Played {
  RunResult result;
  std::uint64_t bytes = 0;  // of connections.csv
  Hash sha256;
};

Played play(const Scenario& scenario, bool prefetch) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("kadsim_prefetch_" + std::to_string(::getpid()) + ".csv");
  Played played;
  {
    FileWriter rows(path);
    RunHooks hooks;
    hooks.prefetch = prefetch;
    hooks.connections = &rows;
    played.result = run_simulation(scenario, hooks);
    rows.close();
    played.bytes = rows.bytes();
    played.sha256 = rows.sha256();
  }
  std::filesystem::remove(path);
  return played;
}

void check_same(const Scenario& scenario) {
  const Played with = play(scenario, true);
  const Played without = play(scenario, false);
  CHECK(with.result.fingerprint.total().hex() == without.result.fingerprint.total().hex());
  CHECK(with.result.events == without.result.events);
  CHECK(with.sha256 == without.sha256);
  CHECK(with.bytes > 10'000);
}

}  // namespace

TEST_CASE("a network plays the same, however it keeps tables", "[prefetch]") {
  Scenario scenario = large_network();
  scenario.network.storage = TableStorage::kDerived;
  const RunResult derived = run_simulation(scenario);
  scenario.network.storage = TableStorage::kPrecomputed;
  const RunResult built = run_simulation(scenario);
  CHECK(derived.fingerprint.total().hex() == built.fingerprint.total().hex());
  REQUIRE(built.by_entry.size() == 2);
  CHECK(built.by_entry[0].rpcs > 0);
  CHECK(built.by_entry[1].rpcs > 2000);
}

TEST_CASE("a network plays the same bytes whether memory is asked for ahead or not", "[prefetch]") {
  Scenario scenario = large_network();
  for (const TableStorage storage : {TableStorage::kDerived, TableStorage::kPrecomputed}) {
    scenario.network.storage = storage;
    check_same(scenario);
  }
  SECTION("behind limits") {
    scenario.client.resources.streams = {.outbound = 3, .inbound = 2};
    check_same(scenario);
  }
  SECTION("with load, errors and tables that change") {
    scenario.network.link.gamma = Duration::milliseconds(2);
    scenario.network.link.slow_errors = {Probability(1, 10), {}};
    scenario.network.unreachable = Probability(1, 20);
    scenario.client.table_updates = TableUpdates::kLearn;
    check_same(scenario);
  }
}

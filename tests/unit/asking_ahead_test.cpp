// Asking for memory ahead is a guess about the future: it may come at any time, and changes
// nothing.

#include "core/lookup/strategies.hpp"
#include "sim/run/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

using namespace kadsim;

TEST_CASE("a strategy that was never started may be asked ahead", "[prefetch]") {
  for (const StrategyInfo& info : lookup_strategies()) {
    const auto strategy = make_lookup_strategy(info.name);
    CAPTURE(info.name);
    strategy->prefetch();
    CHECK(strategy->likely_next() == kNobody);
  }
}

TEST_CASE("whom a window will probably ask next is whom it asks next", "[prefetch]") {
  PeerBook book;
  for (std::uint64_t i = 0; i < 8; ++i) book.add(small_hash(i, 3, 0));
  ClientOptions options;
  const auto lookup = make_lookup_strategy("sliding-window");
  const std::vector<PeerRef> seeds{{1}, {2}, {3}};
  lookup->start({.book = &book, .options = &options, .origin = {7}}, seeds);
  for (const PeerRef seed : seeds) {
    CHECK(lookup->likely_next() == seed);
    CHECK(lookup->next(SimTime()).contact == seed);
  }
  CHECK(lookup->likely_next() == kNobody);
}

// Some stages are left out where the memory of all nodes is small.
TEST_CASE("a network large enough for all stages plays the same, however it keeps tables",
          "[prefetch]") {
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
  scenario.network.storage = TableStorage::kDerived;
  const RunResult derived = run_simulation(scenario);
  scenario.network.storage = TableStorage::kPrecomputed;
  const RunResult built = run_simulation(scenario);
  CHECK(derived.fingerprint.total().hex() == built.fingerprint.total().hex());
  REQUIRE(built.by_entry.size() == 2);
  CHECK(built.by_entry[0].rpcs > 0);
  CHECK(built.by_entry[1].rpcs > 2000);
}

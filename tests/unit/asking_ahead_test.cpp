// Asking for memory ahead is a guess about the future: it may come at any time, and changes
// nothing.

#include "core/lookup/strategies.hpp"
#include "sim/run/simulation.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

using namespace kadsim;

TEST_CASE("a strategy that was never started may be asked ahead", "[fetch]") {
  for (const StrategyInfo& info : lookup_strategies()) {
    const auto strategy = make_lookup_strategy(info.name);
    CAPTURE(info.name);
    strategy->fetch();
    CHECK(strategy->likely_next() == kNobody);
  }
}

TEST_CASE("whom a window will probably ask next is whom it asks next", "[fetch]") {
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

TEST_CASE("operations without a lookup are asked ahead as well", "[fetch]") {
  Scenario scenario;
  // Who will be asked next is of interest only where the memory of all nodes is large.
  scenario.network.nodes = 70'000;
  scenario.network.storage = TableStorage::kDerived;
  scenario.client.values.style = ValueStyle::kPyLibp2p;
  WorkloadEntry puts;
  puts.name = "put";
  puts.op = OperationKind::kPut;
  puts.count = 20;
  puts.arrival = ClosedLoop{20};
  scenario.workload = {puts};
  const RunResult result = run_simulation(scenario);
  REQUIRE(result.by_entry.size() == 1);
  CHECK(result.by_entry[0].rpcs > 0);
}

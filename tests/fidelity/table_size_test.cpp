// REFERENCES.md R2: size of a routing table, E = sum over i of E[min(k, Binomial(N - 1,
// 2^-(i+1)))]; +-0.5 %.

#include "core/event/scheduler.hpp"
#include "sim/world/dht_network.hpp"
#include "tests/catch.hpp"

#include <array>

using namespace kadsim;

namespace {

struct Expected {
  unsigned k;
  std::uint64_t nodes;
  double entries;
};

double mean_entries(const Expected& expected, TableStorage storage) {
  NetworkSetup setup;
  setup.seed = 1;
  setup.network.nodes = expected.nodes;
  setup.network.fill = Fill::kRandom;
  setup.network.storage = storage;
  setup.client.lookup.k = expected.k;
  Scheduler scheduler;
  const NetworkSummary summary = DhtNetwork::init_with_random_peers(setup, scheduler)->summary();
  return static_cast<double>(summary.contacts) / static_cast<double>(summary.total_nodes);
}

}  // namespace

TEST_CASE("R2: the mean size of a routing table is the theory's", "[fidelity]") {
  const TableStorage storage = GENERATE(TableStorage::kPrecomputed, TableStorage::kDerived);
  static constexpr std::array kExpected = {
      Expected{8, 1'000, 62.6},      Expected{8, 10'000, 89.1},    Expected{8, 25'000, 99.7},
      Expected{8, 100'000, 115.7},   Expected{20, 1'000, 130.9},   Expected{20, 10'000, 197.5},
      Expected{20, 25'000, 223.9},   Expected{20, 100'000, 263.9}, Expected{8, 1'000'000, 142.3},
      Expected{20, 1'000'000, 330.2}};
  for (const Expected& expected : kExpected) {
    const double entries = mean_entries(expected, storage);
    CAPTURE(storage, expected.k, expected.nodes, entries);
    CHECK(std::abs(entries / expected.entries - 1) <= 0.005);
  }
}

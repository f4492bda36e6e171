// REFERENCES.md R3: attempts of py-dht's own lookup. k 20, beta 20, steps to stop 3, constant delay
// of 50 ms, every request dialled; seeds 1 to 10 with 1,000 lookups each; +-2 % on both means, +-1
// on quantiles.

#include "tests/catch.hpp"
#include "tests/fidelity/experiment.hpp"

#include <algorithm>
#include <array>

using namespace kadsim;

namespace {

struct Expected {
  std::uint64_t nodes;
  Fill fill;
  unsigned alpha;
  unsigned fast_errors_percent;
  double attempts;
  std::array<std::int64_t, 3> quantiles;  // p50, p90, p99
  double delay_ms;
};

NetworkSetup setup_of(const Expected& expected, unsigned seed) {
  NetworkSetup setup;
  setup.seed = seed;
  setup.network.nodes = expected.nodes;
  setup.network.fill = expected.fill;
  // The same tables, whether built ahead or derived when they are read.
  setup.network.storage = seed % 2 == 0 ? TableStorage::kDerived : TableStorage::kPrecomputed;
  setup.network.link.delay = delay::Constant{Duration::milliseconds(50)};
  setup.network.link.fast_errors.rate = Probability(expected.fast_errors_percent, 100);
  setup.client.lookup.alpha = expected.alpha;
  setup.client.dial = DialPolicy::kEvery;
  setup.client.lookup.strategy = "py-dht";
  return setup;
}

}  // namespace

TEST_CASE("R3: py-dht's lookup takes as many attempts and as long as py-dht", "[fidelity]") {
  const auto expected = GENERATE(Expected{1'000, Fill::kClosest, 1, 0, 5.52, {5, 7, 8}, 552},
                                 Expected{1'000, Fill::kClosest, 3, 10, 11.10, {11, 16, 20}, 326},
                                 Expected{2'000, Fill::kClosest, 3, 0, 11.37, {11, 16, 20}, 357},
                                 Expected{2'000, Fill::kRandom, 3, 0, 8.01, {8, 9, 11}, 238});
  std::vector<std::int64_t> attempts;
  double sum = 0;
  double delay_ms = 0;
  for (unsigned seed = 1; seed <= 10; ++seed) {
    const LookupExperiment experiment(setup_of(expected, seed), 1'000);
    for (const auto& lookup : experiment.ended()) {
      attempts.push_back(lookup.attempts);
      sum += lookup.attempts;
      delay_ms += static_cast<double>(lookup.latency.ns()) / 1e6;
    }
  }
  std::sort(attempts.begin(), attempts.end());
  const auto count = static_cast<double>(attempts.size());
  CAPTURE(expected.nodes, expected.alpha, sum / count, delay_ms / count);
  CHECK(std::abs(sum / count / expected.attempts - 1) <= 0.02);
  CHECK(std::abs(delay_ms / count / expected.delay_ms - 1) <= 0.02);
  constexpr std::array<std::size_t, 3> kPercent = {50, 90, 99};
  for (std::size_t i = 0; i < kPercent.size(); ++i) {
    const std::int64_t quantile = attempts[attempts.size() * kPercent[i] / 100];
    CAPTURE(kPercent[i], quantile);
    CHECK(std::abs(quantile - expected.quantiles[i]) <= 1);
  }
}

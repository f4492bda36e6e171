// REFERENCES.md R1: hops by bucket size (ProbeLab RFM19.1, 2023).
// 25,000 nodes, concurrency 10, replication 20, synchronous rounds, seeds 1 to 5 with 10,000
// lookups each; +-0.01.

#include "tests/catch.hpp"
#include "tests/fidelity/experiment.hpp"

#include <array>

using namespace kadsim;

namespace {

constexpr std::array<unsigned, 10> kSizes = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
constexpr std::array<double, 10> kRandom = {2.165, 1.926, 1.868, 1.834, 1.806,
                                            1.777, 1.756, 1.728, 1.708, 1.692};
constexpr std::array<double, 10> kBalanced = {2.085, 1.891, 1.842, 1.809, 1.775,
                                              1.743, 1.712, 1.683, 1.663, 1.632};
constexpr std::uint64_t kLookups = 10'000;
constexpr unsigned kSeeds = 5;

struct Hops {
  double mean = 0;
  std::array<double, 4> share{};  // of lookups that took 0, 1, 2, 3 hops
};

Hops measure(Fill fill, unsigned k) {
  Hops hops;
  for (unsigned seed = 1; seed <= kSeeds; ++seed) {
    NetworkSetup setup;
    setup.seed = seed;
    setup.network.nodes = 25'000;
    setup.network.fill = fill;
    // The same tables, whether built ahead or derived when they are read.
    setup.network.storage = seed % 2 == 0 ? TableStorage::kDerived : TableStorage::kPrecomputed;
    setup.network.link.delay = delay::Constant{Duration::milliseconds(1)};
    setup.client.lookup.k = k;
    setup.client.answers = k;
    setup.client.dial = DialPolicy::kNever;
    setup.client.lookup.strategy = "synchronous-rounds";
    setup.client.lookup.concurrency = 10;
    setup.client.lookup.replication = 20;
    const LookupExperiment experiment(setup, kLookups);
    for (const auto& lookup : experiment.ended()) {
      hops.mean += lookup.hops;
      if (lookup.hops < hops.share.size()) hops.share[lookup.hops] += 1;
    }
  }
  const double lookups = static_cast<double>(kLookups) * kSeeds;
  hops.mean /= lookups;
  for (double& share : hops.share) share *= 100 / lookups;
  return hops;
}

void check_against(Fill fill, const std::array<double, 10>& published, std::size_t first,
                   std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    const Hops hops = measure(fill, kSizes[i]);
    CAPTURE(kSizes[i], hops.mean, published[i]);
    CHECK(std::abs(hops.mean - published[i]) <= 0.01);
  }
}

}  // namespace

// In halves, so that two cores share the work.
TEST_CASE("R1: hops with random buckets of 10 to 60 contacts", "[fidelity]") {
  check_against(Fill::kRandom, kRandom, 0, 6);
}
TEST_CASE("R1: hops with random buckets of 70 to 100 contacts", "[fidelity]") {
  check_against(Fill::kRandom, kRandom, 6, 10);
}
TEST_CASE("R1: hops with balanced buckets of 10 to 60 contacts", "[fidelity]") {
  check_against(Fill::kBalanced, kBalanced, 0, 6);
}
TEST_CASE("R1: hops with balanced buckets of 70 to 100 contacts", "[fidelity]") {
  check_against(Fill::kBalanced, kBalanced, 6, 10);
}

TEST_CASE("R1: for k = 20 the hops are spread as published", "[fidelity]") {
  const Hops hops = measure(Fill::kRandom, 20);
  CAPTURE(hops.share);
  CHECK(hops.share[0] == Approx(0.06).margin(0.05));
  CHECK(hops.share[1] == Approx(9.9).margin(0.6));
  CHECK(hops.share[2] == Approx(87.3).margin(0.6));
  CHECK(hops.share[3] == Approx(2.8).margin(0.4));
}

// The wish that `adaptive` answers: over 0 to 20 % slow contacts, no fixed alpha from 1 to 10 beats
// it in both p99 latency and RPCs sent.

#include "tests/support/played_lookups.hpp"

#include <algorithm>
#include <vector>

using namespace kadsim;

namespace {

struct Cost {
  std::int64_t p99_ns = 0;
  std::uint64_t rpcs = 0;

  [[nodiscard]] bool beats(const Cost& other) const {
    return p99_ns <= other.p99_ns && rpcs <= other.rpcs;
  }
};

Cost cost_of(const std::string& strategy, unsigned alpha, unsigned slow_percent) {
  NetworkSetup setup = plain_setup(17, 20);
  use_strategy(setup.client, strategy);
  setup.client.lookup.alpha = alpha;
  setup.network.nodes = 3000;
  setup.network.link.delay = delay::PlanetLab{};
  setup.network.link.slow_errors.rate = Probability(slow_percent, 100);
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  Cost cost;
  std::vector<std::int64_t> latencies;
  for (const auto& ending : play(*network, scheduler, random_hashes(17, 400)).endings) {
    cost.rpcs += ending.outcome.rpcs;
    latencies.push_back((ending.outcome.end - ending.outcome.start).ns());
  }
  std::ranges::sort(latencies);
  cost.p99_ns = latencies[latencies.size() * 99 / 100];
  return cost;
}

}  // namespace

TEST_CASE("no fixed alpha beats the adaptive window in both p99 latency and RPCs", "[adaptive]") {
  const unsigned slow_percent = GENERATE(0U, 5U, 10U, 20U);
  const Cost adaptive =
      cost_of("adaptive", find_lookup_strategy("adaptive")->defaults.alpha, slow_percent);
  for (unsigned alpha = 1; alpha <= 10; ++alpha) {
    const Cost fixed = cost_of("sliding-window", alpha, slow_percent);
    CAPTURE(slow_percent, alpha, fixed.p99_ns, fixed.rpcs, adaptive.p99_ns, adaptive.rpcs);
    CHECK_FALSE(fixed.beats(adaptive));
  }
}

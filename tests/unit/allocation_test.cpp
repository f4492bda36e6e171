// After warm-up, playing lookups allocates nothing: the number of allocations is the same for 1,000
// and for 100,000 lookups.

#include "core/base/assert.hpp"
#include "sim/workload/workload_player.hpp"
#include "sim/world/dht_network.hpp"
#include "tests/catch.hpp"
#include "tests/unit/counted_memory.hpp"

using namespace kadsim;

namespace {

class Counter final : public WorkloadObserver {
 public:
  std::uint64_t ended = 0;
  void on_operation(std::uint64_t, const OperationOutcome&) override { ++ended; }
};

// Plays that many lookups on a network that stays; returns how often memory was asked for while
// events ran.
std::uint64_t allocations_of(DhtNetwork& network, Scheduler& scheduler, const std::string& name,
                             std::uint64_t lookups) {
  WorkloadEntry entry;
  entry.name = name;
  entry.count = lookups;
  entry.arrival = ClosedLoop{100};
  entry.start = scheduler.now() + Duration::seconds(1);
  const Workload workload({entry}, network.population(), 1, 0);
  Counter counter;
  WorkloadPlayer player(workload, network, counter);
  player.start();
  const std::uint64_t before = counted_memory().allocations;
  scheduler.run_all();
  const std::uint64_t during = counted_memory().allocations - before;
  REQUIRE(counter.ended == lookups);
  return during;
}

}  // namespace

TEST_CASE("after warm-up the number of allocations does not grow with the number of lookups",
          "[allocation]") {
  NetworkSetup setup;
  setup.network.nodes = 10'000;
  setup.network.link.delay = delay::PlanetLab{};
  setup.client.dial = DialPolicy::kNever;
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  // Long enough for every pool to have met its greatest load: how many answers are under way at
  // once varies.
  allocations_of(*network, scheduler, "warm-up", 20'000);
  const std::uint64_t few = allocations_of(*network, scheduler, "few", 1'000);
  const std::uint64_t many = allocations_of(*network, scheduler, "many", 100'000);
  CHECK(few == many);
}

TEST_CASE("timers cancelled long before they are due take no more memory than the live ones",
          "[allocation]") {
  Scheduler scheduler;
  constexpr std::size_t kLive = 5'000;
  std::vector<EventId> timers(kLive);
  std::size_t oldest = 0;
  const auto replace_timers = [&](int times) {
    const std::uint64_t before = counted_memory().live_bytes;
    for (int i = 0; i < times; ++i) {
      scheduler.cancel(timers[oldest]);
      if (scheduler.cancel(timers[oldest])) FAIL("a timer was cancelled twice");
      timers[oldest] = scheduler.schedule_after(Duration::hours(1) + Duration::nanoseconds(i),
                                                EventKind{"timer"}, 0, [] {});
      oldest = (oldest + 1) % kLive;
    }
    return counted_memory().live_bytes - before;
  };
  replace_timers(50'000);
  CHECK(replace_timers(1'000'000) == 0);
  CHECK(scheduler.pending() == kLive);
}

// The scheduler against a sorted vector: the slow, obvious thing is the oracle.

#include "core/event/scheduler.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <vector>

using namespace kadsim;

TEST_CASE("the queue agrees with a sorted vector over 100,000 random operations, mostly for now",
          "[scheduler]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  CAPTURE(seed);
  struct Expected {
    SimTime time;
    std::uint64_t order;
    std::uint64_t number;
    EventId id;
  };
  const RandomStream stream(seed, 0, "test");
  RandomSequence random(stream, {});
  Scheduler scheduler;
  std::vector<Expected> oracle;  // sorted by (time, order, number)
  std::vector<std::uint64_t> ran;
  std::vector<std::uint64_t> expected;
  std::vector<EventId> over;
  const auto before = [](const Expected& a, const Expected& b) {
    return std::tie(a.time, a.order, a.number) < std::tie(b.time, b.order, b.number);
  };
  for (std::uint64_t number = 0; number < 100'000; ++number) {
    const std::uint64_t choice = random.below(10);
    if (choice < 5) {
      const bool for_now = random.below(3) != 0;
      const auto delay = Duration::nanoseconds(
          for_now ? 0
                  : static_cast<std::int64_t>(random.below(std::uint64_t{1} << random.below(30))));
      const std::uint64_t order = random.below(4);
      const SimTime time = scheduler.now() + delay;
      const EventId id = scheduler.schedule_at(time, order, EventKind{"test"}, 0,
                                               [&ran, number] { ran.push_back(number); });
      const Expected entry{time, order, number, id};
      oracle.insert(std::upper_bound(oracle.begin(), oracle.end(), entry, before), entry);
    } else if (choice < 8) {
      const bool any = scheduler.run_one();
      REQUIRE(any == !oracle.empty());
      if (any) {
        REQUIRE(scheduler.now() == oracle.front().time);
        expected.push_back(oracle.front().number);
        over.push_back(oracle.front().id);
        oracle.erase(oracle.begin());
      }
    } else if (choice < 9 && !oracle.empty()) {
      const auto victim = oracle.begin() + static_cast<std::ptrdiff_t>(random.below(oracle.size()));
      REQUIRE(scheduler.cancel(victim->id));
      over.push_back(victim->id);
      oracle.erase(victim);
    } else if (!over.empty()) {
      REQUIRE_FALSE(scheduler.cancel(over[random.below(over.size())]));
    }
    REQUIRE(scheduler.pending() == oracle.size());
    REQUIRE(scheduler.next_time().has_value() == !oracle.empty());
    if (!oracle.empty()) REQUIRE(*scheduler.next_time() == oracle.front().time);
  }
  scheduler.run_all();
  for (const Expected& entry : oracle) expected.push_back(entry.number);
  REQUIRE(ran == expected);
}

// The scheduler against a sorted vector: the slow, obvious thing is the oracle.

#include "core/event/scheduler.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>
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

namespace {

// Runs the same events on a scheduler and, as oracle, on std::priority_queue. Each event may
// schedule another, after the delay that the pattern says.
class Twins {
 public:
  void schedule(SimTime time) {
    const std::uint64_t number = next_++;
    scheduler_.schedule_at(time, EventKind{"test"}, number,
                           [this, number] { ran_.emplace_back(scheduler_.now().ns(), number); });
    pending_.emplace(time.ns(), number);
  }
  void schedule_after(Duration delay) { schedule(scheduler_.now() + delay); }

  bool run_one() {
    if (!scheduler_.run_one()) return false;
    agree_ = agree_ && !pending_.empty() && ran_.back() == pending_.top();
    pending_.pop();
    return true;
  }
  // True if everything ran and the order was the oracle's to the end.
  bool run_all() {
    while (run_one()) {
    }
    return agree_ && pending_.empty();
  }

 private:
  using Event = std::pair<std::int64_t, std::uint64_t>;

  Scheduler scheduler_;
  std::uint64_t next_ = 0;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> pending_;
  std::vector<Event> ran_;
  bool agree_ = true;
};

constexpr int kMany = 100'000;

SimTime at(std::int64_t ns) { return SimTime::at_ns(ns); }

}  // namespace

// None of these may take quadratic time either: 100,000 events would not end within a minute.
TEST_CASE("the queue keeps its order whatever the times are", "[scheduler]") {
  Twins twins;
  const RandomStream stream(1, 0, "test");
  RandomSequence random(stream, {});
  SECTION("everything at one instant, which then schedules as much again for it") {
    for (int i = 0; i < kMany; ++i) twins.schedule(at(5));
    for (int i = 0; i < kMany; ++i) {
      twins.run_one();
      twins.schedule_after(Duration());
    }
  }
  SECTION("two instants, the first filled while it runs") {
    for (int i = 0; i < kMany; ++i) twins.schedule(at(5 + i % 2));
    for (int i = 0; i < kMany; ++i) {
      twins.run_one();
      twins.schedule_after(Duration());
    }
  }
  SECTION("one delay for all, so that they come in crowds") {
    for (int i = 0; i < kMany; ++i) twins.schedule(at(i / (kMany / 10)));
    for (int i = 0; i < 2 * kMany; ++i) {
      twins.run_one();
      twins.schedule_after(Duration::milliseconds(50));
    }
  }
  SECTION("gaps that grow exponentially, again and again from what is now") {
    for (int i = 0; i < kMany; ++i) {
      twins.schedule_after(Duration::nanoseconds(std::int64_t{1} << (i % 40)));
      if (i % 3 == 2) twins.run_one();
    }
  }
  SECTION("a burst and one event at the end of time, then more bursts") {
    twins.schedule(SimTime::max());
    for (int burst = 0; burst < 5; ++burst) {
      for (int i = 0; i < kMany / 5; ++i) {
        twins.schedule_after(
            Duration::nanoseconds(static_cast<std::int64_t>(random.below(1'000'000))));
      }
      for (int i = 0; i < kMany / 6; ++i) twins.run_one();
    }
  }
  SECTION("times that decrease") {
    for (int i = kMany; i-- > 0;) twins.schedule(at(std::int64_t{i} * 1'000));
  }
  SECTION("times that decrease, after a look ahead") {
    twins.schedule(at(std::int64_t{1} << 50));
    twins.schedule(at(0));
    twins.run_one();
    for (int i = kMany; i-- > 0;) twins.schedule(at(1 + std::int64_t{i} * 1'000));
  }
  SECTION("three events an hour apart beside many within a millisecond, then denser and denser") {
    for (int hour = 1; hour <= 3; ++hour) twins.schedule_after(Duration::hours(hour));
    for (int i = 0; i < kMany; ++i) {
      twins.schedule_after(
          Duration::nanoseconds(static_cast<std::int64_t>(random.below(1'000'000))));
    }
    for (int i = 0; i < kMany; ++i) {
      twins.run_one();
      const std::uint64_t within = std::uint64_t{1'000'000} >> (i / (kMany / 20));
      twins.schedule_after(
          Duration::nanoseconds(static_cast<std::int64_t>(random.below(within + 1))));
    }
  }
  SECTION("few events a day apart become many a nanosecond apart, and back") {
    for (int i = 0; i < kMany; ++i) {
      const std::uint64_t within = std::uint64_t{1} << (random.below(8) * 6);
      const std::uint64_t delay = i / 1'000 % 2 == 0 ? random.below(within) : random.below(64);
      twins.schedule_after(Duration::nanoseconds(static_cast<std::int64_t>(delay)));
      if (random.below(4) != 0) twins.run_one();
    }
  }
  CHECK(twins.run_all());
}

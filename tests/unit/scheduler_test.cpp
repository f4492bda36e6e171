#include "core/event/node_scheduler.hpp"

#include "core/base/assert.hpp"
#include "tests/catch.hpp"

#include <array>
#include <string>

using namespace kadsim;

namespace {

constexpr EventKind kTick{"tick"};

SimTime ms(std::int64_t n) { return SimTime::at(Duration::milliseconds(n)); }

template <std::size_t bytes>
struct Capture {
  std::array<char, bytes> held{};
  void operator()() const {}
};

template <class F>
concept Schedulable = requires(Scheduler& scheduler, F action) {
  scheduler.schedule_at(SimTime(), kTick, 0, action);
};

static_assert(Schedulable<Capture<32>>);
static_assert(!Schedulable<Capture<33>>, "a capture over 32 bytes does not compile");

}  // namespace

TEST_CASE("events run in order of time, and first come, first served within an instant",
          "[scheduler]") {
  Scheduler scheduler;
  std::string ran;
  for (const char c : std::string("ABCDE")) {
    scheduler.schedule_at(ms(5), kTick, 0, [&ran, c] { ran += c; });
  }
  scheduler.schedule_at(ms(1), kTick, 0, [&ran] { ran += 'x'; });
  CHECK(scheduler.next_time() == ms(1));
  CHECK(scheduler.run_all() == 6);
  CHECK(ran == "xABCDE");
  CHECK(scheduler.now() == ms(5));
}

TEST_CASE(
    "at one instant the given order decides, also for what an event schedules for that instant",
    "[scheduler]") {
  Scheduler scheduler;
  std::string ran;
  scheduler.schedule_at(ms(1), 30, kTick, 0, [&] { ran += 'c'; });
  scheduler.schedule_at(ms(1), 10, kTick, 0, [&] {
    ran += 'a';
    scheduler.schedule_at(ms(1), 20, kTick, 0, [&] { ran += 'b'; });
    scheduler.schedule_at(ms(1), 40, kTick, 0, [&] { ran += 'd'; });
    scheduler.schedule_at(ms(1), 5, kTick, 0, [&] { ran += 'e'; });
  });
  scheduler.run_all();
  CHECK(ran == "aebcd");
}

TEST_CASE("an event is cancelled exactly once, and never after it ran", "[scheduler]") {
  Scheduler scheduler;
  int runs = 0;
  CHECK_FALSE(scheduler.cancel(EventId{}));
  const EventId cancelled = scheduler.schedule_at(ms(1), kTick, 0, [&] { ++runs; });
  const EventId kept = scheduler.schedule_at(ms(2), kTick, 0, [&] { ++runs; });
  CHECK(scheduler.cancel(cancelled));
  CHECK_FALSE(scheduler.cancel(cancelled));
  CHECK(scheduler.pending() == 1);
  // The slot is used again: the old id must not reach the new event.
  scheduler.schedule_at(ms(3), kTick, 0, [&] { ++runs; });
  CHECK_FALSE(scheduler.cancel(cancelled));
  scheduler.run_all();
  CHECK(runs == 2);
  CHECK_FALSE(scheduler.cancel(kept));
}

TEST_CASE("an event in the slot of a cancelled one does not hide the events after it",
          "[scheduler]") {
  Scheduler scheduler;
  std::string ran;
  EventId cancelled;
  scheduler.schedule_at(ms(1), 10, kTick, 0, [&] {
    ran += 'a';
    scheduler.cancel(cancelled);
    scheduler.schedule_at(ms(2), 90, kTick, 0, [&] { ran += 'd'; });
    scheduler.schedule_at(ms(1), 50, kTick, 0, [&] { ran += 'c'; });
  });
  cancelled = scheduler.schedule_at(ms(1), 20, kTick, 0, [&] { ran += 'x'; });
  scheduler.schedule_at(ms(1), 30, kTick, 0, [&] { ran += 'b'; });
  scheduler.run_all();
  CHECK(ran == "abcd");
}

TEST_CASE("an event comes before another of its instant that a cancelled one follows",
          "[scheduler]") {
  Scheduler scheduler;
  std::string ran;
  EventId cancelled;
  scheduler.schedule_at(ms(1), 10, kTick, 0, [&] {
    ran += 'a';
    scheduler.cancel(cancelled);
    scheduler.schedule_at(ms(1), 20, kTick, 0, [&] { ran += 'b'; });
  });
  scheduler.schedule_at(ms(1), 30, kTick, 0, [&] { ran += 'c'; });
  cancelled = scheduler.schedule_at(ms(1), 40, kTick, 0, [&] { ran += 'x'; });
  scheduler.run_all();
  CHECK(ran == "abc");
}

TEST_CASE("an event that runs can't cancel itself", "[scheduler]") {
  Scheduler scheduler;
  EventId self;
  bool cancelled = true;
  self = scheduler.schedule_at(ms(1), kTick, 0, [&] { cancelled = scheduler.cancel(self); });
  scheduler.run_all();
  CHECK_FALSE(cancelled);
}

TEST_CASE("scheduling in the past is an error", "[scheduler]") {
  Scheduler scheduler;
  scheduler.run_until(ms(10));
  CHECK_THROWS_AS(scheduler.schedule_at(ms(9), kTick, 3, [] {}), AssertionError);
  CHECK_THROWS_AS(scheduler.schedule_after(Duration::nanoseconds(-1), kTick, 3, [] {}),
                  AssertionError);
  CHECK_THROWS_AS(scheduler.run_until(ms(9)), AssertionError);
  CHECK(scheduler.pending() == 0);
}

TEST_CASE("running until a time runs what is due then and sets the clock", "[scheduler]") {
  Scheduler scheduler;
  int runs = 0;
  for (int i = 1; i <= 5; ++i) scheduler.schedule_at(ms(i), kTick, 0, [&] { ++runs; });
  CHECK(scheduler.run_until(ms(3)) == 3);
  CHECK(scheduler.now() == ms(3));
  CHECK(scheduler.run_for(Duration::microseconds(500)) == 0);
  CHECK(scheduler.now() == ms(3) + Duration::microseconds(500));
  CHECK(scheduler.run_one());
  CHECK(scheduler.now() == ms(4));
  CHECK(scheduler.run_all() == 1);
  CHECK_FALSE(scheduler.run_one());
  CHECK_FALSE(scheduler.next_time().has_value());
}

TEST_CASE("a stop request ends the run after the event that made it", "[scheduler]") {
  Scheduler scheduler;
  int runs = 0;
  for (int i = 1; i <= 5; ++i) {
    scheduler.schedule_at(ms(i), kTick, 0, [&, i] {
      ++runs;
      if (i == 2) scheduler.request_stop();
    });
  }
  CHECK(scheduler.run_all() == 2);
  CHECK(scheduler.now() == ms(2));
  CHECK(scheduler.pending() == 3);
  CHECK(scheduler.run_until(ms(9)) == 3);
}

TEST_CASE("a storm that never advances time ends with an error that names time, kind and node",
          "[scheduler]") {
  struct Storm {
    Scheduler& scheduler;
    void operator()() const { scheduler.schedule_at(scheduler.now(), {"flood"}, 17, *this); }
  };
  Scheduler scheduler;
  scheduler.set_storm_limit(1000);
  scheduler.schedule_at(ms(7), {"flood"}, 17, Storm{scheduler});
  try {
    scheduler.run_all();
    FAIL("the storm was not noticed");
  } catch (const EventStormError& error) {
    const std::string what = error.what();
    CHECK(what.find("7000000 ns") != std::string::npos);
    CHECK(what.find("'flood'") != std::string::npos);
    CHECK(what.find("node 17") != std::string::npos);
  }
  CHECK(scheduler.events_run() == 1000);
}

TEST_CASE("too many events for one instant that were scheduled before it are told apart",
          "[scheduler]") {
  Scheduler scheduler;
  scheduler.set_storm_limit(3);
  for (int i = 0; i < 4; ++i) scheduler.schedule_at(ms(7), {"early"}, 17, [] {});
  // Of an instant that is over, nothing is told.
  scheduler.schedule_at(ms(5), {"before"}, 0,
                        [&] { scheduler.schedule_at(ms(5), {"of 5 ms"}, 0, [] {}); });
  try {
    scheduler.run_all();
    FAIL("too many events were not noticed");
  } catch (const EventStormError& error) {
    const std::string what = error.what();
    CHECK(what.find("7000000 ns") != std::string::npos);
    CHECK(what.find("all of them scheduled before") != std::string::npos);
  }
}

TEST_CASE("cancelled events leave no memory behind", "[scheduler]") {
  Scheduler scheduler;
  struct Counter {
    int* alive;
    explicit Counter(int* count) : alive(count) { ++*alive; }
    Counter(const Counter& other) noexcept : alive(other.alive) { ++*alive; }
    Counter(Counter&& other) noexcept : alive(other.alive) { ++*alive; }
    ~Counter() { --*alive; }
    void operator()() const {}
  };
  int alive = 0;
  {
    for (int i = 0; i < 100'000; ++i) {
      const EventId id = scheduler.schedule_at(ms(1 + i), kTick, 0, Counter(&alive));
      if (i % 10 != 0) scheduler.cancel(id);
    }
    CHECK(alive == 10'000);
    scheduler.run_until(ms(50'001));
    CHECK(alive == 4'999);
  }
}

TEST_CASE("an observer sees every event that runs, with its kind and node, and changes nothing",
          "[scheduler]") {
  class Log final : public EventObserver {
   public:
    void on_event(SimTime time, EventKind kind, std::uint64_t node) override {
      seen += std::string(kind.name) + " " + std::to_string(node) + " at " +
              std::to_string((time - SimTime()).ns()) + "\n";
    }
    std::string seen;
  };
  Scheduler scheduler;
  Log log;
  scheduler.set_observer(&log);
  NetworkScheduler network(scheduler, 4);
  const NodeScheduler node = network.of(3);
  node.at(ms(2), EventKind{"answer"}, Concerning{1}, [&] {
    node.at(node.now(), EventKind{"next"}, [] {});
    node.first_at(node.now(), EventKind{"first"}, [] {});
  });
  const EventId never = node.at(ms(1), EventKind{"never"}, [] {});
  CHECK(node.cancel(never));
  scheduler.run_all();
  CHECK(log.seen == "answer 1 at 2000000\nfirst 3 at 2000000\nnext 3 at 2000000\n");
}

TEST_CASE("the order of a node's events depends on its number and its own count", "[scheduler]") {
  const auto order_of_run = [](bool others_schedule_before) {
    Scheduler scheduler;
    NetworkScheduler network(scheduler, 3);
    std::string ran;
    if (others_schedule_before) network.of(2).at(ms(9), kTick, [] {});
    for (const char c : std::string("ab")) network.of(0).at(ms(1), kTick, [&ran, c] { ran += c; });
    network.of(1).at(ms(1), kTick, [&ran] { ran += '1'; });
    network.of(2).at(ms(1), kTick, [&ran] { ran += '2'; });
    network.of(2).first_at(ms(1), kTick, [&ran] { ran += 'f'; });
    network.of(1).first_at(ms(1), kTick, [&ran] { ran += 'g'; });
    scheduler.run_all();
    return ran;
  };
  // Of the first event of node 0 and those that come first by name, the one scheduled first.
  CHECK(order_of_run(false) == "afgb21");
  CHECK(order_of_run(true) == "afgb21");
}

// The hold model: with so many events pending, take the next and schedule another, at increments of
// a distribution. On the scheduler that runs use, dispatch included, against std::priority_queue
// with 24-byte events and the same draws. Both count a hash of the order in which events ran, which
// has to be the same. Measured is the steady state: both warm up first.

#include "core/event/scheduler.hpp"
#include "core/random/random_stream.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <queue>
#include <string>
#include <vector>

namespace {

using namespace kadsim;

enum class Increments { kUniform, kExponential, kDht, kConstant };

// Increments are drawn before the clock starts, so that both sides pay only for the queue.
std::vector<std::int64_t> draw_increments(Increments kind) {
  constexpr std::size_t kCount = std::size_t{1} << 16;
  const RandomStream stream(1, 0, "bench");
  RandomSequence random(stream, {static_cast<std::uint64_t>(kind), 0, 0});
  const auto uniform = [&](std::int64_t from, std::int64_t to) {
    return from + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(to - from)));
  };
  std::vector<std::int64_t> increments(kCount);
  for (std::int64_t& increment : increments) {
    switch (kind) {
      case Increments::kUniform:
        increment = uniform(1, 200'000'000);
        break;
      case Increments::kExponential: {
        // A geometric number of halves of a uniform: the shape, without a maths library.
        const auto halves = __builtin_ctzll(random.bits() | (std::uint64_t{1} << 40));
        increment = (halves * 69'000'000) + uniform(1, 69'000'000);
        break;
      }
      case Increments::kDht:
        increment = random.below(10) != 0 ? uniform(10'000'000, 200'000'000)
                                          : uniform(1'000'000'000, 61'000'000'000);
        break;
      case Increments::kConstant:  // nearly all times are equal
        increment = 50'000'000;
        break;
    }
  }
  return increments;
}

struct Order {
  std::uint64_t hash = 0;
  void ran(std::int64_t time, std::uint64_t event) {
    hash = (hash ^ static_cast<std::uint64_t>(time) ^ event) * 0x9e3779b97f4a7c15U;
  }
};

constexpr std::uint64_t kHolds = 1 << 20;
constexpr std::uint64_t kWarmUp =
    4 * kHolds;  // until memory is no longer fresh and widths are found

struct Hold {
  Scheduler scheduler;
  const std::vector<std::int64_t>& increments;
  std::uint64_t next = 0;
  Order order;

  void schedule(std::uint64_t event) {
    const auto delay = Duration::nanoseconds(increments[next++ % increments.size()]);
    scheduler.schedule_after(delay, EventKind{"hold"}, event, [this, event] {
      order.ran(scheduler.now().ns(), event);
      schedule(event);
    });
  }
};

struct Event {
  std::int64_t time;
  std::uint64_t order;
  std::uint64_t event;
  bool operator>(const Event& other) const {
    return time != other.time ? time > other.time : order > other.order;
  }
};

std::uint64_t hold_on_priority_queue(std::uint64_t pending,
                                     const std::vector<std::int64_t>& increments,
                                     std::uint64_t holds, benchmark::State* state) {
  std::priority_queue<Event, std::vector<Event>, std::greater<>> queue;
  std::uint64_t next = 0;
  Order order;
  const auto schedule = [&](std::int64_t now, std::uint64_t event) {
    const std::int64_t increment = increments[next % increments.size()];
    queue.push({now + increment, next++, event});
  };
  for (std::uint64_t i = 0; i < pending; ++i) schedule(0, i);
  const auto hold = [&] {
    for (std::uint64_t i = 0; i < holds; ++i) {
      const Event event = queue.top();
      queue.pop();
      order.ran(event.time, event.event);
      schedule(event.time, event.event);
    }
  };
  if (state == nullptr) {
    hold();
  } else {
    for (std::uint64_t i = 0; i < kWarmUp; i += holds) hold();
    for (auto _ : *state) hold();
  }
  return order.hash;
}

void event_queue_hold(benchmark::State& state, Increments kind, std::uint64_t pending) {
  const std::vector<std::int64_t> increments = draw_increments(kind);
  {
    Hold check{.scheduler = {}, .increments = increments, .next = 0, .order = {}};
    for (std::uint64_t i = 0; i < pending; ++i) check.schedule(i);
    for (std::uint64_t i = 0; i < kHolds / 8; ++i) check.scheduler.run_one();
    if (check.order.hash != hold_on_priority_queue(pending, increments, kHolds / 8, nullptr)) {
      state.SkipWithError("the scheduler runs events in another order than std::priority_queue");
      return;
    }
  }
  Hold hold{.scheduler = {}, .increments = increments, .next = 0, .order = {}};
  for (std::uint64_t i = 0; i < pending; ++i) hold.schedule(i);
  for (std::uint64_t i = 0; i < kWarmUp; ++i) hold.scheduler.run_one();
  for (auto _ : state) {
    for (std::uint64_t i = 0; i < kHolds; ++i) hold.scheduler.run_one();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kHolds));
}

void std_priority_queue_hold(benchmark::State& state, Increments kind, std::uint64_t pending) {
  const std::vector<std::int64_t> increments = draw_increments(kind);
  benchmark::DoNotOptimize(hold_on_priority_queue(pending, increments, kHolds, &state));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(kHolds));
}

void timer_cancel(benchmark::State& state) {
  const auto live = static_cast<std::size_t>(state.range(0));
  Scheduler scheduler;
  std::vector<EventId> timers(live);
  std::int64_t time = 1;
  for (EventId& id : timers)
    id = scheduler.schedule_at(SimTime::at_ns(time++), EventKind{"timer"}, 0, [] {});
  std::size_t oldest = 0;
  for (auto _ : state) {
    scheduler.cancel(timers[oldest]);
    timers[oldest] = scheduler.schedule_at(SimTime::at_ns(time++), EventKind{"timer"}, 0, [] {});
    oldest = oldest + 1 == live ? 0 : oldest + 1;
  }
  state.SetItemsProcessed(state.iterations());
}

// Of the repetitions. A statistic is made of times and of rates alike: the best is the least time
// and the greatest rate.
double least(const std::vector<double>& repetitions) {
  return *std::min_element(repetitions.begin(), repetitions.end());
}
double greatest(const std::vector<double>& repetitions) {
  return *std::max_element(repetitions.begin(), repetitions.end());
}

struct Named {
  const char* name;
  Increments kind;
};

const bool registered = [] {
  for (const Named& increments :
       {Named{"uniform", Increments::kUniform}, Named{"exponential", Increments::kExponential},
        Named{"dht", Increments::kDht}, Named{"constant", Increments::kConstant}}) {
    for (const std::uint64_t pending : {1'000U, 1'000'000U}) {
      const std::string suffix = "/" + std::to_string(pending) + "/" + increments.name;
      const auto add = [&](const std::string& name, auto function) {
        benchmark::RegisterBenchmark((name + suffix).c_str(), function, increments.kind, pending)
            ->Unit(benchmark::kMillisecond)
            ->ComputeStatistics("min", least)
            ->ComputeStatistics("max", greatest);
      };
      add("event_queue_hold", event_queue_hold);
      add("std_priority_queue_hold", std_priority_queue_hold);
    }
  }
  return true;
}();

}  // namespace

BENCHMARK(timer_cancel)
    ->Arg(1'000)
    ->Arg(100'000)
    ->ComputeStatistics("min", least)
    ->ComputeStatistics("max", greatest);

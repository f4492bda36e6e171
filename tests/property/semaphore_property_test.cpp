// The semaphore against the obvious: a list of waiters, walked at every step.

#include "core/random/random_stream.hpp"
#include "core/resource/semaphore.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <vector>

using namespace kadsim;

namespace {

struct News {
  std::uint64_t tag;
  SlotOutcome outcome;
  SimTime time;
  bool operator==(const News&) const = default;
};

class Ears final : public SlotListener {
 public:
  explicit Ears(Scheduler& scheduler) : scheduler_(scheduler) {}
  void on_slot(std::uint64_t tag, SlotOutcome outcome) override {
    heard.push_back({tag, outcome, scheduler_.now()});
  }
  std::vector<News> heard;

 private:
  Scheduler& scheduler_;
};

// What a semaphore should do: claims in the order in which they came.
struct Oracle {
  struct Claim {
    std::uint64_t tag;
    SimTime deadline;
    SlotTicket ticket;
    bool out = false;    // has a slot
    bool knows = false;  // and has heard of it
  };
  std::vector<Claim> claims;
  std::vector<News> news;
  std::uint32_t limit = 0;

  std::uint32_t out() const {
    return static_cast<std::uint32_t>(std::ranges::count_if(claims, &Claim::out));
  }
  void wake(SimTime now) {
    for (Claim& claim : claims) {
      if (out() >= limit) return;
      if (claim.out || claim.deadline <= now) continue;
      claim.out = true;
      news.push_back({claim.tag, SlotOutcome::kGranted, now});
    }
  }
  // All that happens up to and at `time`: the news under way, then refusals in order.
  void pass(SimTime time) {
    for (Claim& claim : claims) claim.knows = claim.out;
    for (const Claim& claim : claims) {
      if (!claim.out && claim.deadline <= time) {
        news.push_back({claim.tag, SlotOutcome::kDeadlinePassed, claim.deadline});
      }
    }
    std::erase_if(claims, [&](const Claim& c) { return !c.out && c.deadline <= time; });
  }
};

std::vector<News> sorted(std::vector<News> news) {
  std::ranges::sort(news, {}, [](const News& n) { return std::pair(n.time, n.tag); });
  return news;
}

}  // namespace

TEST_CASE("the semaphore agrees with a plain list over 100,000 random calls", "[semaphore]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U, 4U);
  CAPTURE(seed);
  const RandomStream stream(seed, 0, "test");
  RandomSequence random(stream, {});
  Scheduler scheduler;
  NetworkScheduler nodes(scheduler, 1);
  Ears ears(scheduler);
  Oracle oracle;
  oracle.limit = 3;
  Semaphore slots(nodes.of(0), oracle.limit);
  for (std::uint64_t number = 0; number < 100'000; ++number) {
    const SimTime now = scheduler.now();
    const std::uint64_t choice = random.below(16);
    const auto any = [&]() -> std::size_t { return random.below(oracle.claims.size()); };
    if (choice < 6) {
      const SimTime deadline =
          random.below(3) == 0
              ? SimTime::max()
              : now + Duration::nanoseconds(static_cast<std::int64_t>(random.below(20)));
      const bool waiting =
          std::ranges::any_of(oracle.claims, [&](const Oracle::Claim& c) { return !c.out; });
      const bool free = oracle.out() < oracle.limit;
      // Those at their deadline's tick are in line until they hear of it, and get nothing any more.
      const SlotTicket ticket = slots.acquire(ears, number, deadline);
      const bool at_once = free && (!waiting || slots.waiting() == 0);
      REQUIRE(slots.holds(ticket) == at_once);
      oracle.claims.push_back({number, deadline, ticket, at_once, at_once});
    } else if (choice < 7) {
      const SlotTicket ticket = slots.try_acquire();
      if (oracle.out() >= oracle.limit) REQUIRE(ticket == SlotTicket{});
      if (ticket != SlotTicket{}) {
        oracle.claims.push_back({number, SimTime::max(), ticket, true, true});
      }
    } else if (choice < 11 && !oracle.claims.empty()) {
      const std::size_t i = any();
      const Oracle::Claim claim = oracle.claims[i];
      REQUIRE(slots.release(claim.ticket) == claim.knows);
      if (claim.knows) {
        oracle.claims.erase(oracle.claims.begin() + static_cast<std::ptrdiff_t>(i));
        oracle.wake(now);
        REQUIRE_FALSE(slots.release(claim.ticket));
      }
    } else if (choice < 13 && !oracle.claims.empty()) {
      const std::size_t i = any();
      const Oracle::Claim claim = oracle.claims[i];
      REQUIRE(slots.cancel(claim.ticket) == !claim.knows);
      if (!claim.knows) {
        oracle.claims.erase(oracle.claims.begin() + static_cast<std::ptrdiff_t>(i));
        std::erase_if(oracle.news, [&](const News& n) { return n.tag == claim.tag; });
        if (claim.out) oracle.wake(now);
        REQUIRE_FALSE(slots.cancel(claim.ticket));
      }
    } else if (choice < 14) {
      oracle.limit = static_cast<std::uint32_t>(random.below(6));
      slots.resize(oracle.limit);
      oracle.wake(now);
    } else {
      const SimTime next = now + Duration::nanoseconds(static_cast<std::int64_t>(random.below(8)));
      oracle.pass(next);
      scheduler.run_until(next);
      REQUIRE(sorted(ears.heard) == sorted(oracle.news));
      ears.heard.clear();
      oracle.news.clear();
    }
    REQUIRE(slots.out() == oracle.out());
  }
}

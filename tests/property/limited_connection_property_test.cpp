// Requests through the limits of their sender, in random order and with random ways to end, against
// a naive model where gates are semaphores.

#include "tests/support/limited_calls.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

using namespace kadsim;
using namespace kadsim::testing;

namespace {

// What becomes of requests where streams and negotiations are counted: two lines, first come,
// first served.
class Model {
 public:
  struct Limits {
    std::optional<std::size_t> streams;
    std::optional<std::size_t> negotiations;
    WaitRule rule;
  };
  Model(const std::vector<Call>& calls, const Limits& limits) : calls_(calls), limits_(limits) {
    for (std::size_t i = 0; i < calls.size(); ++i) at(calls[i].begin, Step::kBegin, i);
  }
  std::vector<Told> play() {
    while (!steps_.empty()) {
      const auto [time, step, call] = *steps_.begin();
      steps_.erase(steps_.begin());
      now_ = time;
      take(step, call);
    }
    return told_;
  }

 private:
  enum class Step { kBegin, kStreamWaitEnds, kNegotiationWaitEnds, kNegotiated, kReplied };
  struct Counted {
    std::set<std::size_t> out;     // calls that have a slot
    std::deque<std::size_t> line;  // calls that wait for one
  };

  void at(SimTime time, Step step, std::size_t call) { steps_.insert({time, step, call}); }
  void tell(std::size_t call, ReplyStatus status, bool sent) {
    told_.push_back({now_, call, status, sent});
  }
  bool awaited(std::size_t call) const { return now_ < calls_[call].awaited_until; }

  void take(Step step, std::size_t call) {
    switch (step) {
      case Step::kBegin:
        want(streams_, limits_.streams, Step::kStreamWaitEnds, call);
        break;
      case Step::kStreamWaitEnds:
        if (std::erase(streams_.line, call) > 0) tell(call, ReplyStatus::kNoSlot, false);
        break;
      case Step::kNegotiationWaitEnds:
        if (std::erase(negotiations_.line, call) == 0) break;
        tell(call, ReplyStatus::kNoSlot, false);
        leave(streams_, call);
        break;
      case Step::kNegotiated:
        negotiated(call);
        break;
      case Step::kReplied:
        tell(call, reply(calls_[call].status, call), true);
        leave(streams_, call);
        break;
    }
  }
  ReplyStatus reply(ReplyStatus status, std::size_t call) const {
    return now_ == calls_[call].deadline ? ReplyStatus::kNoAnswer : status;
  }
  void want(Counted& slots, std::optional<std::size_t> limit, Step wait_ends, std::size_t call) {
    if (!limit.has_value() || slots.out.size() < *limit) {
      slots.out.insert(call);
      go_on(slots, call);
      return;
    }
    const SimTime wait_end = limits_.rule.wait_end(now_, calls_[call].deadline);
    if (wait_end > now_) {
      slots.line.push_back(call);
      at(wait_end, wait_ends, call);
      return;
    }
    tell(call, ReplyStatus::kNoSlot, false);
    leave(streams_, call);
  }
  void go_on(const Counted& slots, std::size_t call) {
    const Call& what = calls_[call];
    if (&slots == &streams_ && limits_.negotiations.has_value()) {
      want(negotiations_, limits_.negotiations, Step::kNegotiationWaitEnds, call);
    } else if (&slots == &streams_) {
      at(std::min(now_ + what.exchange, what.deadline), Step::kReplied, call);
    } else {
      at(std::min(now_ + what.negotiation, what.deadline), Step::kNegotiated, call);
    }
  }
  void negotiated(std::size_t call) {
    const Call& what = calls_[call];
    const ReplyStatus status = reply(what.agrees ? ReplyStatus::kOk : ReplyStatus::kRefused, call);
    leave(negotiations_, call);
    if (status == ReplyStatus::kOk && awaited(call)) {
      at(std::min(now_ + what.exchange, what.deadline), Step::kReplied, call);
      return;
    }
    tell(call, status, false);
    leave(streams_, call);
  }
  // The slot, if the call has one, goes to the first in line that is still awaited.
  void leave(Counted& slots, std::size_t call) {
    if (slots.out.erase(call) == 0) return;
    if (slots.line.empty()) return;
    const std::size_t next = slots.line.front();
    slots.line.pop_front();
    slots.out.insert(next);
    if (awaited(next)) {
      go_on(slots, next);
      return;
    }
    leave(slots, next);
    leave(streams_, next);
  }

  const std::vector<Call>& calls_;
  Limits limits_;
  std::set<std::tuple<SimTime, Step, std::size_t>> steps_;
  Counted streams_;
  Counted negotiations_;
  std::vector<Told> told_;
  SimTime now_{};
};

}  // namespace

TEST_CASE("requests pass counted slots as a naive model says", "[limits]") {
  const OnLimit on_limit = GENERATE(as<OnLimit>{}, on_limit::Fail{}, on_limit::Wait{},
                                    on_limit::WaitFor{Duration::milliseconds(15)});
  const bool counts_streams = GENERATE(true, false);
  const bool negotiates = GENERATE(false, true);
  CAPTURE(on_limit.index(), counts_streams, negotiates);
  std::set<ReplyStatus> seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::vector<Call> calls = Chance(seed).calls(120, false);
    Scheduler scheduler;
    NetworkScheduler nodes(scheduler, kNodes);
    Remotes remotes(scheduler, calls);
    const WaitRule rule(on_limit);
    SemaphoreGate streams(nodes, 5, rule);
    SemaphoreGate negotiations(nodes, 2, rule);
    LimitedConnection limited({.scheduler = nodes,
                               .connection = remotes,
                               .streams = counts_streams ? &streams : nullptr,
                               .negotiations = negotiates ? &negotiations : nullptr});
    Asker asker(scheduler, calls);
    asker.begin_all(limited, nullptr);
    while (scheduler.run_one()) {
      if (counts_streams) REQUIRE(remotes.exchanging + remotes.negotiating <= 5);
      if (negotiates) REQUIRE(remotes.negotiating <= 2);
    }
    std::vector<Told> expected =
        Model(calls, {.streams = counts_streams ? std::optional(5U) : std::nullopt,
                      .negotiations = negotiates ? std::optional(2U) : std::nullopt,
                      .rule = rule})
            .play();
    std::ranges::sort(expected);
    std::ranges::sort(asker.told);
    REQUIRE(asker.told == expected);
    REQUIRE(streams.out(kAsker) + negotiations.out(kAsker) == 0);
    for (const Told& told : asker.told) seen.insert(told.status);
  }
  CHECK(seen.contains(ReplyStatus::kOk));
  CHECK(seen.contains(ReplyStatus::kNoSlot) == (counts_streams || negotiates));
}

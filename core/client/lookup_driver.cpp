#include "core/client/lookup_driver.hpp"

#include "core/base/assert.hpp"
#include "core/base/prefetch.hpp"
#include "core/client/operation_run.hpp"
#include "core/lookup/instant_lookup.hpp"
#include "core/lookup/strategies.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kOperationEnd{"operation end"};
constexpr EventKind kLookupWakeUp{"lookup wake-up"};

// Counts what an instant lookup does, on its way to the network, and lets the origin learn from
// it.
class CountingPort final : public InstantPort {
 public:
  CountingPort(InstantPort& port, OperationRun& run) : port_(port), run_(run) {}

  InstantOutcome dial_and_ask(PeerRef contact) override {
    const InstantOutcome result = port_.dial_and_ask(contact);
    OperationOutcome& outcome = run_.outcome();
    ++outcome.attempts;
    if (result.answered) {
      ++outcome.rpcs;
      ++outcome.succeeded;
    } else {
      ++outcome.failed;
    }
    run_.learn(contact, {.status = result.answered ? ReplyStatus::kOk : ReplyStatus::kNoAnswer,
                         .contacts = result.answer.contacts,
                         .has_record = result.answer.has_record});
    return result;
  }

 private:
  InstantPort& port_;
  OperationRun& run_;
};

}  // namespace

void LookupDriver::choose_strategy(OperationRun& run) {
  auto& made = run.upkeep().made;
  const std::string& name = run.options().lookup.strategy;
  auto chosen = std::ranges::find(made, name, &Upkeep::Made::name);
  if (chosen == made.end()) {
    made.push_back({name, make_lookup_strategy(name)});
    chosen = std::prev(made.end());
    KADSIM_ASSERT(chosen->strategy != nullptr, "no lookup strategy of that name");
  }
  if (strategy_ == chosen->strategy.get()) return;
  strategy_ = chosen->strategy.get();
  prefetching_ = dynamic_cast<const Prefetching*>(strategy_);
}

void LookupDriver::begin(OperationRun& run, std::span<const PeerRef> seeds, LookupFor purpose) {
  const OperationRequest& request = run.request();
  purpose_ = purpose;
  choose_strategy(run);
  run.upkeep().wake_time = SimTime::max();
  strategy_->start({.book = &run.parts().book,
                    .options = &run.options().lookup,
                    .oracle = run.parts().oracle,
                    .origin = request.origin,
                    .target = request.target,
                    .stop_at_record = purpose == LookupFor::kFirstRecord},
                   seeds);
  run.outcome().oracle_stop = strategy_->uses_oracle();
  if (InstantLookup* instant = strategy_->instant(); instant != nullptr) {
    KADSIM_ASSERT(purpose != LookupFor::kEveryAnswer,
                  "a get needs a lookup that is driven by events");
    resolve_at_once(run, *instant);
  } else {
    advance(run);
  }
}

void LookupDriver::resolve_at_once(OperationRun& run, InstantLookup& lookup) {
  const OperationRequest& request = run.request();
  InstantNetwork* const network = run.parts().instant_network;
  KADSIM_ASSERT(network != nullptr, "this strategy needs a network that knows outcomes at once");
  CountingPort counting(network->open_port({.origin = request.origin,
                                            .operation = request.key,
                                            .target = request.target,
                                            .rpc_timeout = run.options().rpc_timeout}),
                        run);
  const auto [end, delay] = lookup.resolve(counting);
  run.upkeep().delivery = run.schedule(run.now() + delay, kOperationEnd,
                                       [this, &run, ended = end] { over(run, ended); });
}

void LookupDriver::advance(OperationRun& run) {
  while (run.looks_up()) {
    const LookupStep step = strategy_->next(run.now());
    switch (step.kind) {
      case LookupStep::Kind::kWait:
        // Most strategies never name a time, so that the reply path does not read the upkeep.
        if (step.until != SimTime::max()) wake_at(run, step.until);
        return;
      case LookupStep::Kind::kFinished:
        over(run, step.end);
        return;
      case LookupStep::Kind::kAsk:
        run.open({.kind = InteractionKind::kGetClosestNodes,
                  .from = run.request().origin,
                  .to = step.contact,
                  .operation = run.request().key,
                  .contact_index = run.outcome().attempts++},
                 false);
        break;
    }
  }
}

void LookupDriver::wake_at(OperationRun& run, SimTime time) {
  Upkeep& upkeep = run.upkeep();
  // An earlier wake-up than needed is left alone: it comes to nothing, and asks for the next.
  if (time >= upkeep.wake_time) return;
  run.cancel(upkeep.wake);
  upkeep.wake_time = time;
  upkeep.wake = run.schedule(time, kLookupWakeUp, [this, &run] {
    run.upkeep().wake_time = SimTime::max();
    advance(run);
  });
}

void LookupDriver::send(OperationRun& run, Interaction interaction) {
  interaction.kind = InteractionKind::kGetClosestNodes;
  strategy_->on_sent(interaction.to, run.now());
  run.parts().connection.get_closest_nodes_to(interaction, run.request().target, run.handler(),
                                              run.reply_tag());
}

void LookupDriver::on_reply(OperationRun& run, const Interaction& interaction, const Reply& reply) {
  if (reply.status == ReplyStatus::kOk) {
    ++run.outcome().succeeded;
    strategy_->on_answer(interaction.to, {reply.contacts, reply.has_record}, run.now());
    const bool told = purpose_ == LookupFor::kEveryAnswer ||
                      (purpose_ == LookupFor::kFirstRecord && reply.has_record);
    if (told && run.protocol().on_lookup_answer(interaction.to, reply)) {
      over(run, LookupEnd::kFound);
      return;
    }
  } else {
    ++run.outcome().failed;
    strategy_->on_failure(interaction.to, run.now());
  }
  advance(run);
}

void LookupDriver::over(OperationRun& run, LookupEnd end) {
  run.cancel(std::exchange(run.upkeep().wake, EventId{}));
  collect(run);
  run.protocol().on_lookup_over(end);
}

void LookupDriver::collect(OperationRun& run) const {
  strategy_->collect(run.contacts());
  const bool own = strategy_->own_hops() != LookupStrategy::kHopsOfNearest;
  run.outcome().hops = own ? strategy_->own_hops() : run.hops_of_nearest();
}

void LookupDriver::cancel(OperationRun& run) {
  run.cancel(std::exchange(run.upkeep().wake, EventId{}));
  run.cancel(std::exchange(run.upkeep().delivery, EventId{}));
}

// No step reads memory that the one before did not ask for: a virtual call reads its object.
void LookupDriver::prefetch(unsigned step) const {
  constexpr std::size_t kUsualStrategy = 2 * kCacheLine;
  if (step == 1) {
    kadsim::prefetch(strategy_, kUsualStrategy);
  } else if (step == 2 && prefetching_ != nullptr) {
    prefetching_->prefetch(0, 0);
  }
}

}  // namespace kadsim

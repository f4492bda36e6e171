// The part of an operation that drives a lookup strategy.

#include "core/base/assert.hpp"
#include "core/client/operation_run.hpp"
#include "core/lookup/instant_lookup.hpp"

#include <functional>
#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kOperationEnd{"operation end"};
constexpr EventKind kLookupWakeUp{"lookup wake-up"};

// Counts what an instant lookup does, on its way to the network, and lets the origin learn from
// it.
class CountingPort final : public InstantPort {
 public:
  using Learn = std::function<void(PeerRef, const Reply&)>;
  CountingPort(InstantPort& port, OperationOutcome& outcome, Learn learn)
      : port_(port), outcome_(outcome), learn_(std::move(learn)) {}

  InstantOutcome dial_and_ask(PeerRef contact) override {
    const InstantOutcome result = port_.dial_and_ask(contact);
    ++outcome_.attempts;
    if (result.answered) {
      ++outcome_.rpcs;
      ++outcome_.succeeded;
    } else {
      ++outcome_.failed;
    }
    learn_(contact, {.status = result.answered ? ReplyStatus::kOk : ReplyStatus::kNoAnswer,
                     .contacts = result.answer.contacts,
                     .has_value = result.answer.has_value});
    return result;
  }

 private:
  InstantPort& port_;
  OperationOutcome& outcome_;
  Learn learn_;
};

}  // namespace

void OperationRun::begin_lookup(std::span<const PeerRef> seeds) {
  const OperationRequest& request = outcome_.request;
  const ClientHost::Parts& parts = host_.parts_;
  const LookupOptions& options = host_.options_.lookup;
  if (seeds.empty()) {
    host_.table(request.origin).closest(request.target, options.k, seeds_);
  } else {
    seeds_.assign(seeds.begin(), seeds.end());
  }
  if (request.fill_table) {
    for (const PeerRef seed : seeds_) host_.discovered(request.origin, seed);
  }
  strategy_->start({.book = &parts.book,
                    .options = &options,
                    .oracle = parts.oracle,
                    .origin = request.origin,
                    .target = request.target,
                    .stop_at_value = request.kind == OperationKind::kRetrieve},
                   seeds_);
  outcome_.oracle_stop = strategy_->uses_oracle();
  if (InstantLookup* instant = strategy_->instant(); instant != nullptr) {
    KADSIM_ASSERT(request.kind != OperationKind::kGet,
                  "a get needs a lookup that is driven by events");
    resolve_at_once(*instant);
  } else {
    advance();
  }
}

void OperationRun::resolve_at_once(InstantLookup& lookup) {
  const OperationRequest& request = outcome_.request;
  InstantNetwork* const network = host_.parts_.instant_network;
  KADSIM_ASSERT(network != nullptr, "this strategy needs a network that knows outcomes at once");
  CountingPort counting(network->open_port(request.origin, request.key, request.target), outcome_,
                        [this](PeerRef contact, const Reply& reply) { learn(contact, reply); });
  const auto [end, delay] = lookup.resolve(counting);
  const NodeScheduler scheduler = host_.parts_.scheduler.of(request.origin.value);
  delivery_ = scheduler.at(scheduler.now() + delay, kOperationEnd,
                           [this, ended = end] { lookup_over(ended); });
}

void OperationRun::advance() {
  while (phase_ == Phase::kLookup) {
    const LookupStep step = strategy_->next(host_.parts_.scheduler.now());
    switch (step.kind) {
      case LookupStep::Kind::kWait:
        if (step.until < wake_time_) wake_at(step.until);
        return;
      case LookupStep::Kind::kFinished:
        lookup_over(step.end);
        return;
      case LookupStep::Kind::kAsk:
        open({.kind = InteractionKind::kGetClosestNodes,
              .from = outcome_.request.origin,
              .to = step.contact,
              .operation = outcome_.request.key,
              .contact_index = outcome_.attempts++},
             false);
        break;
    }
  }
}

void OperationRun::wake_at(SimTime time) {
  // An earlier wake-up than needed is left alone: it comes to nothing, and asks for the next.
  const NodeScheduler scheduler = host_.parts_.scheduler.of(outcome_.request.origin.value);
  scheduler.cancel(wake_);
  wake_time_ = time;
  wake_ = scheduler.at(time, kLookupWakeUp, [this] {
    wake_time_ = SimTime::max();
    advance();
  });
}

void OperationRun::on_lookup_reply(const Interaction& interaction, const Reply& reply) {
  const SimTime now = host_.parts_.scheduler.now();
  if (reply.status == ReplyStatus::kOk) {
    ++outcome_.succeeded;
    strategy_->on_answer(interaction.to, {reply.contacts, reply.has_value}, now);
    const OperationKind kind = outcome_.request.kind;
    if (kind == OperationKind::kRetrieve && reply.has_value && strategy_->stop()) {
      lookup_over(LookupEnd::kFound);
      return;
    }
    if (kind == OperationKind::kGet) {
      heard_value(interaction.to, reply);
      // The caller has its answer and leaves; what is on the wire finds nobody.
      if (values_.quorum_met(host_.options_.values)) {
        lookup_over(LookupEnd::kFound);
        return;
      }
    }
  } else {
    ++outcome_.failed;
    strategy_->on_failure(interaction.to, now);
  }
  advance();
}

void OperationRun::lookup_over(LookupEnd end) {
  host_.parts_.scheduler.cancel(std::exchange(wake_, EventId{}));
  strategy_->collect(contacts_);
  outcome_.hops = hops();
  switch (outcome_.request.kind) {
    case OperationKind::kLookup:
      end_with(end == LookupEnd::kExhausted ? OperationStatus::kExhausted
                                            : OperationStatus::kComplete);
      break;
    case OperationKind::kRetrieve:
      end_with(end == LookupEnd::kFound ? OperationStatus::kFound : OperationStatus::kNotFound);
      break;
    case OperationKind::kGet:
      end_with(values_.best().has_value() ? OperationStatus::kFound : OperationStatus::kNotFound);
      break;
    case OperationKind::kProvide:
    case OperationKind::kPut:
      begin_stores();
      break;
  }
}

std::uint32_t OperationRun::hops() const {
  if (by_lookup_ && strategy_->own_hops() != LookupStrategy::kHopsOfNearest) {
    return strategy_->own_hops();
  }
  if (contacts_.empty()) return 0;
  const PeerBook& book = host_.parts_.book;
  const OperationRequest& request = outcome_.request;
  const bool origin_is_nearer = book.nearer(request.target, request.origin, contacts_.front().peer);
  return origin_is_nearer ? 0 : contacts_.front().hop;
}

}  // namespace kadsim

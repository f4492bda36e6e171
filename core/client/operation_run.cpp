#include "core/client/operation_run.hpp"

#include "core/base/assert.hpp"
#include "core/base/fetch.hpp"
#include "core/lookup/strategies.hpp"

#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kOperationEnd{"operation end"};
constexpr EventKind kOperationTimeout{"operation timeout"};

}  // namespace

OperationRun::OperationRun(ClientHost& host, std::uint32_t slot)
    : host_(host), slot_(slot), strategy_(make_lookup_strategy(host.options_.lookup.strategy)) {
  KADSIM_ASSERT(strategy_ != nullptr, "no lookup strategy of that name");
}

void OperationRun::start(const OperationRequest& request, OperationListener& listener,
                         std::uint64_t tag) {
  KADSIM_ASSERT(idle(), "an operation is started in a slot that is in use");
  const ClientHost::Parts& parts = host_.parts_;
  const ClientOptions& options = host_.options_;
  listener_ = &listener;
  tag_ = tag;
  phase_ = Phase::kLookup;
  starting_ = true;
  stores_open_ = 0;
  wake_time_ = SimTime::max();
  contacts_.clear();
  outcome_ = OperationOutcome{};
  outcome_.request = request;
  outcome_.request.seeds = {};
  outcome_.start = parts.scheduler.now();

  if (request.seeds.empty()) {
    host_.table(request.origin).closest(request.target, options.k, seeds_);
  } else {
    seeds_.assign(request.seeds.begin(), request.seeds.end());
  }
  if (request.fill_table) {
    for (const PeerRef seed : seeds_) host_.discovered(request.origin, seed);
  }
  if (options.lookup.timeout.has_value()) {
    time_limit_ = parts.scheduler.schedule_at(
        outcome_.start + *options.lookup.timeout, parts.order.next(request.origin.value),
        kOperationTimeout, request.origin.value, [this] { finish(OperationStatus::kTimeout); });
  }
  // A node that holds the segment itself has found it before it asks anybody.
  if (request.kind == OperationKind::kRetrieve &&
      host_.stored(request.origin, request.target).has_value()) {
    end_with(OperationStatus::kFound);
    starting_ = false;
    return;
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
    resolve_at_once(*instant);
  } else {
    advance();
  }
  starting_ = false;
}

void OperationRun::open(Interaction interaction, bool already_dialled) {
  const DialPolicy policy = host_.options_.dial;
  if (policy == DialPolicy::kNever || (policy == DialPolicy::kFirst && already_dialled)) {
    send(interaction);
    return;
  }
  interaction.kind = InteractionKind::kDial;
  interaction.deadline = host_.parts_.scheduler.now() + host_.options_.rpc_timeout;
  host_.parts_.connection.dial(interaction, host_, reply_tag());
}

void OperationRun::send(const Interaction& request) {
  Interaction interaction = request;
  interaction.deadline = host_.parts_.scheduler.now() + host_.options_.rpc_timeout;
  ++outcome_.rpcs;
  Connection& connection = host_.parts_.connection;
  if (phase_ == Phase::kStore) {
    interaction.kind = InteractionKind::kStoreSegment;
    connection.store_segment(interaction, {outcome_.request.target, outcome_.request.segment_bytes},
                             host_, reply_tag());
  } else {
    interaction.kind = InteractionKind::kGetClosestNodes;
    strategy_->on_sent(interaction.to, host_.parts_.scheduler.now());
    connection.get_closest_nodes_to(interaction, outcome_.request.target, host_, reply_tag());
  }
}

void OperationRun::on_reply(const Interaction& interaction, const Reply& reply) {
  if (interaction.kind == InteractionKind::kDial && reply.status == ReplyStatus::kOk) {
    Interaction request = interaction;
    request.dialled = true;
    send(request);
    return;
  }
  if (reply.status == ReplyStatus::kNoSlot && interaction.kind != InteractionKind::kDial) {
    --outcome_.rpcs;  // it was not sent
  }
  learn(interaction.to, reply);
  if (phase_ == Phase::kStore) {
    on_store_reply(reply);
  } else {
    on_lookup_reply(interaction, reply);
  }
}

void OperationRun::fetch(unsigned stage) const {
  switch (stage) {
    case 0:
      kadsim::fetch(this, sizeof(OperationRun));
      break;
    case 1:
      strategy_->fetch(0);
      break;
    default:
      strategy_->fetch(1);
  }
}

void OperationRun::learn(PeerRef contact, const Reply& reply) {
  const PeerRef origin = outcome_.request.origin;
  // For want of a slot nothing is learnt about the contact: it is there, and may be asked again.
  if (is_want_of_slot(reply.status)) return;
  const bool answered = reply.status == ReplyStatus::kOk || reply.status == ReplyStatus::kRejected;
  if (outcome_.request.fill_table) {
    for (const PeerRef heard : reply.contacts) host_.discovered(origin, heard);
  }
  if (host_.options_.table_updates != TableUpdates::kLearn && !outcome_.request.fill_table) return;
  if (answered) {
    host_.discovered(origin, contact);
  } else {
    host_.table(origin).remove(contact);
  }
}

void OperationRun::end_with(OperationStatus status) {
  if (!starting_) {
    finish(status);
    return;
  }
  phase_ = Phase::kEnding;
  const std::uint32_t node = outcome_.request.origin.value;
  delivery_ = host_.parts_.scheduler.schedule_at(host_.parts_.scheduler.now(),
                                                 host_.parts_.order.next(node), kOperationEnd, node,
                                                 [this, status] { finish(status); });
}

void OperationRun::finish(OperationStatus status) {
  Scheduler& scheduler = host_.parts_.scheduler;
  const bool cut_short =
      status == OperationStatus::kTimeout || status == OperationStatus::kUnfinished;
  if (cut_short && phase_ == Phase::kLookup) {
    strategy_->collect(contacts_);
    outcome_.hops = hops();
  }
  scheduler.cancel(std::exchange(time_limit_, EventId{}));
  scheduler.cancel(std::exchange(delivery_, EventId{}));
  scheduler.cancel(std::exchange(wake_, EventId{}));
  outcome_.status = status;
  outcome_.end = scheduler.now();
  outcome_.contacts = contacts_;
  phase_ = Phase::kIdle;
  ++generation_;  // replies that are still under way find nobody
  host_.parts_.connection.operation_over(outcome_.request.origin, outcome_.request.key);
  // The slot is given back afterwards: the listener may start an operation, and reads this one's
  // contacts.
  listener_->on_operation_end(tag_, outcome_);
  host_.release(*this);
}

std::uint64_t OperationRun::reply_tag() const {
  return (static_cast<std::uint64_t>(slot_) << 32) | generation_;
}

}  // namespace kadsim

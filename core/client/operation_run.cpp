#include "core/client/operation_run.hpp"

#include "core/base/assert.hpp"
#include "core/base/prefetch.hpp"
#include "core/lookup/strategies.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kOperationEnd{"operation end"};
constexpr EventKind kOperationTimeout{"operation timeout"};

}  // namespace

OperationRun::OperationRun(ClientHost& host, std::uint32_t slot)
    : host_(host),
      slot_(slot),
      strategy_(make_lookup_strategy(host.options_.lookup.strategy)),
      prefetching_(dynamic_cast<const Prefetching*>(strategy_.get())) {
  KADSIM_ASSERT(strategy_ != nullptr, "no lookup strategy of that name");
}

void OperationRun::start(const OperationRequest& request, OperationListener& listener,
                         std::uint64_t tag, SimTime arrival) {
  KADSIM_ASSERT(idle(), "an operation is started in a slot that is in use");
  const ClientHost::Parts& parts = host_.parts_;
  listener_ = &listener;
  tag_ = tag;
  phase_ = Phase::kLookup;
  starting_ = true;
  first_of_window_ = 0;
  wake_time_ = SimTime::max();
  contacts_.clear();
  outcome_ = OperationOutcome{};
  outcome_.request = request;
  outcome_.request.seeds = {};
  const SimTime now = parts.scheduler.now();
  outcome_.start = arrival;
  outcome_.queued = now - arrival;

  const bool value = request.kind == OperationKind::kPut || request.kind == OperationKind::kGet;
  by_lookup_ = !value || host_.options_.values.style == ValueStyle::kGoLibp2p;
  if (const auto& limit = host_.options_.operation_timeout; limit.has_value()) {
    time_limit_ =
        parts.scheduler.of(request.origin.value).at(now + *limit, kOperationTimeout, [this] {
          finish(OperationStatus::kTimeout);
        });
  }
  if (!settled_at_home()) {
    if (by_lookup_) {
      begin_lookup(request.seeds);
    } else {
      begin_without_lookup();
    }
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
  interaction.deadline = deadline_of(interaction);
  host_.parts_.connection.dial(interaction, host_, reply_tag());
}

void OperationRun::send(const Interaction& request) {
  Interaction interaction = request;
  interaction.deadline = deadline_of(interaction);
  ++outcome_.rpcs;
  Connection& connection = host_.parts_.connection;
  const OperationRequest& asked = outcome_.request;
  switch (phase_) {
    case Phase::kLookup:
      interaction.kind = InteractionKind::kGetClosestNodes;
      strategy_->on_sent(interaction.to, host_.parts_.scheduler.now());
      connection.get_closest_nodes_to(interaction, asked.target, host_, reply_tag());
      break;
    case Phase::kQuery:
      interaction.kind = InteractionKind::kRetrieveSegment;
      connection.retrieve_segment(interaction, asked.target, host_, reply_tag());
      break;
    case Phase::kStore:
      interaction.kind = InteractionKind::kStoreSegment;
      connection.store_segment(interaction,
                               {asked.target, asked.segment_bytes, asked.segment_version}, host_,
                               reply_tag());
      break;
    case Phase::kRepair:
      interaction.kind = InteractionKind::kStoreSegment;
      connection.store_segment(interaction,
                               {asked.target, values_.best()->bytes, values_.best()->version},
                               host_, reply_tag());
      break;
    case Phase::kIdle:
    case Phase::kEnding:
      KADSIM_ASSERT(false, "an operation sends nothing in this phase");
  }
}

SimTime OperationRun::deadline_of(const Interaction& interaction) const {
  const SimTime of_rpc = host_.parts_.scheduler.now() + host_.options_.rpc_timeout;
  if (phase_ == Phase::kLookup) return of_rpc;
  return std::min(of_rpc, window_[interaction.contact_index - first_of_window_].deadline);
}

void OperationRun::on_reply(const Interaction& interaction, const Reply& reply) {
  if (interaction.kind == InteractionKind::kDial && reply.status == ReplyStatus::kOk) {
    Interaction request = interaction;
    request.dialled = true;
    send(request);
    return;
  }
  if (!reply.sent && interaction.kind != InteractionKind::kDial) --outcome_.rpcs;
  learn(interaction.to, reply);
  if (phase_ == Phase::kLookup) {
    on_lookup_reply(interaction, reply);
  } else {
    on_window_reply(interaction, reply);
  }
}

// No step reads memory that the one before did not ask for: a virtual call reads its object.
void OperationRun::prefetch(unsigned step) const {
  constexpr std::size_t kUsualStrategy = 2 * kCacheLine;
  if (step == 0) {
    kadsim::prefetch(this, kHotBytes);
  } else if (step == 1) {
    kadsim::prefetch(strategy_.get(), kUsualStrategy);
  } else if (step == 2 && prefetching_ != nullptr) {
    prefetching_->prefetch(0, 0);
  }
}

std::optional<std::uint32_t> OperationRun::likely_next() const {
  return prefetching_ == nullptr ? std::nullopt : prefetching_->likely_next(0);
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
  delivery_ = host_.parts_.scheduler.of(node).at(host_.parts_.scheduler.now(), kOperationEnd,
                                                 [this, status] { finish(status); });
}

void OperationRun::finish(OperationStatus status) {
  NetworkScheduler& scheduler = host_.parts_.scheduler;
  const bool cut_short =
      status == OperationStatus::kTimeout || status == OperationStatus::kUnfinished;
  if (cut_short && phase_ == Phase::kLookup) {
    strategy_->collect(contacts_);
    outcome_.hops = hops();
  }
  scheduler.cancel(std::exchange(time_limit_, EventId{}));
  scheduler.cancel(std::exchange(delivery_, EventId{}));
  scheduler.cancel(std::exchange(wake_, EventId{}));
  if (outcome_.request.kind == OperationKind::kGet) take_values();
  outcome_.status = status;
  outcome_.end = scheduler.now();
  outcome_.contacts = contacts_;
  phase_ = Phase::kIdle;
  ++generation_;  // replies that are still under way find nobody
  host_.parts_.connection.operation_over(outcome_.request.origin, outcome_.request.key);
  // The slot is given back afterwards: the listener may start an operation, and reads this one's
  // contacts.
  listener_->on_operation_end(tag_, outcome_);
  host_.ended(*this, outcome_.request.origin);
  if (outcome_.request.kind == OperationKind::kGet && status == OperationStatus::kFound &&
      repairs_in_background()) {
    begin_repairs();
  } else {
    host_.release(*this);
  }
}

void OperationRun::end_aftermath() {
  outcome_.contacts = {};
  phase_ = Phase::kIdle;
  ++generation_;
  host_.parts_.connection.operation_over(outcome_.request.origin, outcome_.request.key);
  listener_->on_operation_aftermath(tag_, outcome_);
  host_.release(*this);
}

void OperationRun::cut_off() {
  if (phase_ == Phase::kRepair && by_lookup_) {
    end_aftermath();
  } else {
    finish(OperationStatus::kUnfinished);
  }
}

std::uint64_t OperationRun::reply_tag() const {
  return (static_cast<std::uint64_t>(slot_) << 32) | generation_;
}

}  // namespace kadsim

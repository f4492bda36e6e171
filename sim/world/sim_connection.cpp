#include "sim/world/sim_connection.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {
namespace {

// Room for an answer; one that names more makes its own, which is kept.
constexpr unsigned kUsualAnswers = 20;

constexpr EventKind kArrival{"arrival"};
constexpr EventKind kAnswer{"answer"};
constexpr EventKind kFailure{"failure"};
constexpr EventKind kDeadline{"deadline"};
constexpr EventKind kDeparture{"departure"};

bool is_load(InteractionKind kind) {
  return kind != InteractionKind::kDial && kind != InteractionKind::kNegotiation;
}

}  // namespace

Exchange& SimConnection::open(const Interaction& interaction, ReplyHandler& handler,
                              std::uint64_t tag) {
  if (free_.empty()) {
    // A block at a time, answers included, so that a little more traffic than ever before asks for
    // no memory.
    blocks_.push_back(std::make_unique<Exchange[]>(kExchangesPerBlock));
    free_.reserve(blocks_.size() * kExchangesPerBlock);
    for (std::size_t i = kExchangesPerBlock; i-- > 0;) {
      Exchange& fresh = blocks_.back()[i];
      fresh.contacts.reserve(std::min(parts_.answers, kUsualAnswers));
      free_.push_back(&fresh);
    }
  }
  Exchange& exchange = *free_.back();
  free_.pop_back();
  exchange.record = InteractionOutcome{};
  exchange.record.interaction = interaction;
  exchange.record.start = parts_.scheduler.now();
  exchange.handler = &handler;
  exchange.tag = tag;
  exchange.answer = ExchangeAnswer{};
  exchange.visit = kNoVisit;
  exchange.late = false;
  return exchange;
}

void SimConnection::dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) {
  Exchange& exchange = open(interaction, handler, tag);
  const LinkFate fate = parts_.path.fate(interaction);
  if (fate.error != LinkError::kNone) {
    fail_later(exchange, fate);
    return;
  }
  exchange.record.base_delay = fate.round_trip.whole();
  exchange.answer.status = ReplyStatus::kOk;
  complete_at(exchange.record.start + fate.round_trip.whole(), interaction.from, exchange);
}

void SimConnection::negotiate(const Interaction& interaction, ReplyHandler& handler,
                              std::uint64_t tag) {
  request(interaction, {}, handler, tag);
}

void SimConnection::get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                                         ReplyHandler& handler, std::uint64_t tag) {
  request(interaction, {target, 0}, handler, tag);
}

void SimConnection::store_segment(const Interaction& interaction, const Segment& segment,
                                  ReplyHandler& handler, std::uint64_t tag) {
  request(interaction, segment, handler, tag);
}

void SimConnection::retrieve_segment(const Interaction& interaction, const Hash& key,
                                     ReplyHandler& handler, std::uint64_t tag) {
  request(interaction, {key, 0}, handler, tag);
}

void SimConnection::request(const Interaction& interaction, const Segment& segment,
                            ReplyHandler& handler, std::uint64_t tag) {
  Exchange& exchange = open(interaction, handler, tag);
  exchange.segment = segment;
  if (is_load(interaction.kind)) {
    exchange.record.origin_overhead = parts_.overheads.enter(interaction.from);
  }
  const LinkFate fate = parts_.path.fate(interaction);
  const std::optional<SimTime> arrival = parts_.path.request_arrival(
      {interaction.from, interaction.to, segment.bytes, exchange.record.start}, fate);
  if (!arrival.has_value()) {
    fail_later(exchange, fate);
    return;
  }
  exchange.record.base_delay = fate.round_trip.whole();
  if (*arrival > interaction.deadline) {
    // The asker gives up before the request is even there; it arrives all the same.
    exchange.late = true;
    parts_.scheduler.schedule_at(interaction.deadline, parts_.order.next(interaction.from.value),
                                 kDeadline, interaction.from.value,
                                 [this, &exchange] { tell(exchange); });
  }
  parts_.scheduler.schedule_at(*arrival, parts_.order.next(interaction.from.value), kArrival,
                               interaction.to.value, Arrival{this, &exchange, interaction.to});
}

void SimConnection::fail_later(Exchange& exchange, const LinkFate& fate) {
  const Interaction& interaction = exchange.record.interaction;
  const SimTime now = exchange.record.start;
  exchange.record.error = fate.error;
  exchange.record.base_delay =
      parts_.path.failure_delay(interaction, fate, interaction.deadline - now);
  exchange.answer.status =
      fate.error == LinkError::kFast ? ReplyStatus::kRefused : ReplyStatus::kNoAnswer;
  const SimTime known = std::min(now + exchange.record.base_delay, interaction.deadline);
  parts_.scheduler.schedule_at(known, parts_.order.next(interaction.from.value), kFailure,
                               interaction.from.value,
                               Completion{this, &exchange, exchange.handler, exchange.tag});
}

void SimConnection::arrive(Exchange& exchange) {
  if (reception_.has_value()) {
    receive(exchange);
    return;
  }
  const PeerRef to = exchange.record.interaction.to;
  exchange.record.remote_overhead = parts_.overheads.enter(to);
  serve(exchange);
  if (!parts_.overheads.none()) {
    parts_.scheduler.schedule_at(parts_.scheduler.now() + exchange.record.remote_overhead,
                                 parts_.order.next(to.value), kDeparture, to.value,
                                 [this, to] { parts_.overheads.leave(to); });
  }
  if (exchange.late) {
    close(exchange);
    return;
  }
  answer_at(parts_.scheduler.now() + exchange.record.remote_overhead, exchange);
}

void SimConnection::serve(Exchange& exchange) {
  const Interaction& interaction = exchange.record.interaction;
  ExchangeAnswer& answer = exchange.answer;
  answer.status = ReplyStatus::kOk;
  switch (interaction.kind) {
    case InteractionKind::kGetClosestNodes:
      answer.value = server_->serve_get_closest_nodes_to(interaction.to, interaction.from,
                                                         exchange.segment.key, exchange.contacts);
      answer.names_contacts = true;
      break;
    case InteractionKind::kStoreSegment:
      exchange.record.rejected =
          !server_->serve_store_segment(interaction.to, interaction.from, exchange.segment);
      if (exchange.record.rejected) answer.status = ReplyStatus::kRejected;
      break;
    case InteractionKind::kRetrieveSegment:
      answer.value =
          server_->serve_retrieve_segment(interaction.to, interaction.from, exchange.segment.key);
      break;
    case InteractionKind::kNegotiation:
      break;
    case InteractionKind::kDial:
      KADSIM_ASSERT(false, "a dial asks nothing of the remote");
  }
}

EventId SimConnection::answer_at(SimTime leaves, Exchange& exchange) {
  const InteractionOutcome& record = exchange.record;
  const PeerRef to = record.interaction.to;
  const std::uint32_t bytes = exchange.answer.value.value_or(Record{}).bytes;
  const SimTime there = parts_.path.answer_arrival({to, record.interaction.from, bytes, leaves},
                                                   RoundTrip(record.base_delay));
  return complete_at(there + record.origin_overhead, to, exchange);
}

EventId SimConnection::complete_at(SimTime time, PeerRef scheduled_by, Exchange& exchange) {
  const SimTime deadline = exchange.record.interaction.deadline;
  if (time > deadline) {
    exchange.record.late = true;
    exchange.answer = ExchangeAnswer{};
    time = std::max(deadline, parts_.scheduler.now());
  }
  return parts_.scheduler.schedule_at(time, parts_.order.next(scheduled_by.value), kAnswer,
                                      exchange.record.interaction.from.value,
                                      Completion{this, &exchange, exchange.handler, exchange.tag});
}

void SimConnection::complete(Exchange& exchange) {
  if (exchange.visit != kNoVisit) visits_[exchange.visit].exchange = nullptr;
  tell(exchange);
  close(exchange);
}

void SimConnection::tell(Exchange& exchange) {
  InteractionOutcome& record = exchange.record;
  if (is_load(record.interaction.kind)) parts_.overheads.leave(record.interaction.from);
  record.late |= exchange.late;
  record.end = parts_.scheduler.now();
  record.awaited = exchange.handler->awaits(exchange.tag);
  report(record);
  const ExchangeAnswer& answer = exchange.answer;
  Reply reply{.status = answer.status};
  if (answer.names_contacts) reply.contacts = exchange.contacts.contacts();
  reply.set_value(answer.value);
  exchange.handler->on_reply(exchange.tag, record.interaction, reply);
}

void SimConnection::report(const InteractionOutcome& record) {
  ++traffic_.attempts;
  ++(record.answered() ? traffic_.successful : traffic_.failures);
  if (observer_ != nullptr) observer_->on_interaction(record);
}

InstantPort* SimConnection::open_instant_port(PeerRef origin, std::uint64_t operation,
                                              const Hash& target) {
  py_dht_port_.open(origin, operation, target);
  return &py_dht_port_;
}

void SimConnection::PyDhtPort::open(PeerRef origin, std::uint64_t operation, const Hash& target) {
  origin_ = origin;
  operation_ = operation;
  target_ = target;
  attempts_ = 0;
  origin_overhead_ = connection_.parts_.overheads.enter(origin);
  connection_.parts_.overheads.leave(origin);
}

InstantOutcome SimConnection::PyDhtPort::dial_and_ask(PeerRef contact) {
  const Parts& parts = connection_.parts_;
  const SimTime now = parts.scheduler.now();
  InteractionOutcome record;
  record.interaction = {.kind = InteractionKind::kDial,
                        .from = origin_,
                        .to = contact,
                        .operation = operation_,
                        .contact_index = attempts_++,
                        .deadline = now + connection_.rpc_timeout_};
  record.origin_overhead = origin_overhead_;
  record.remote_overhead = parts.overheads.enter(contact);
  parts.overheads.leave(contact);
  const Duration overhead = record.origin_overhead + record.remote_overhead;
  const auto tell = [&](Duration delay) {
    record.start = now;
    record.end = now + delay;
    connection_.report(record);
    return delay;
  };

  const LinkFate fate = parts.path.fate(record.interaction);
  record.error = fate.error;
  if (fate.error != LinkError::kNone) {
    record.base_delay =
        parts.path.failure_delay(record.interaction, fate, connection_.rpc_timeout_);
    return {.answered = false, .delay = tell(record.base_delay + overhead)};
  }
  record.interaction.kind = InteractionKind::kGetClosestNodes;
  record.interaction.dialled = true;
  record.base_delay = parts.path.fate(record.interaction).round_trip.whole();
  const auto value =
      connection_.server_->serve_get_closest_nodes_to(contact, origin_, target_, contacts_);
  return {.answered = true,
          .delay = tell(fate.round_trip.whole() + record.base_delay + overhead),
          .answer = {contacts_.contacts(), value.has_value()}};
}

}  // namespace kadsim

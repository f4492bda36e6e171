#include "sim/world/sim_connection.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {
namespace {

constexpr EventKind kArrival{"arrival"};
constexpr EventKind kAnswer{"answer"};
constexpr EventKind kFailure{"failure"};
constexpr EventKind kDeadline{"deadline"};
constexpr EventKind kDeparture{"departure"};

bool is_load(InteractionKind kind) {
  return kind != InteractionKind::kDial && kind != InteractionKind::kNegotiation;
}

}  // namespace

Exchange& SimConnection::open(const Interaction& interaction, const Segment& segment,
                              ReplyHandler& handler, std::uint64_t tag) {
  Exchange& exchange = parts_.part.exchanges.take();
  exchange.request.interaction = interaction;
  exchange.request.overdue = false;
  exchange.request.segment = segment;
  exchange.pending = {.handler = &handler, .tag = tag, .start = parts_.scheduler.now()};
  exchange.answer.clear();
  return exchange;
}

void SimConnection::dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) {
  send(open(interaction, {}, handler, tag));
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
                                  const RecordDetails* details, ReplyHandler& handler,
                                  std::uint64_t tag) {
  const Exchange& exchange = request(interaction, segment, handler, tag);
  parts_.part.request_details.send(exchange.request.number, details);
}

void SimConnection::retrieve_segment(const Interaction& interaction, const Hash& key,
                                     ReplyHandler& handler, std::uint64_t tag) {
  request(interaction, {key, 0}, handler, tag);
}

Exchange& SimConnection::request(const Interaction& interaction, const Segment& segment,
                                 ReplyHandler& handler, std::uint64_t tag) {
  Exchange& exchange = open(interaction, segment, handler, tag);
  if (is_load(interaction.kind)) {
    exchange.pending.origin_overhead = parts_.overheads.enter(interaction.from);
  }
  send(exchange);
  return exchange;
}

void SimConnection::send(Exchange& exchange) {
  RequestMessage& request = exchange.request;
  PendingInteraction& pending = exchange.pending;
  const Interaction& interaction = request.interaction;
  const LinkFate fate = parts_.path.fate(interaction);
  const std::optional<SimTime> arrival = parts_.path.request_arrival(
      {interaction.from, interaction.to, request.segment.bytes, pending.start}, fate);
  if (!arrival.has_value()) {
    fail_later(exchange, fate);
    return;
  }
  request.round_trip = fate.round_trip;
  pending.base_delay = fate.round_trip.whole();
  request.overdue = *arrival > interaction.deadline;
  if (interaction.kind == InteractionKind::kDial && (presence_ == nullptr || request.overdue)) {
    // No state of the remote matters: the answer is known now.
    exchange.answer.status = ReplyStatus::kOk;
    end_at(pending.start + pending.base_delay, interaction.from, exchange);
    return;
  }
  // The asker may give up before the request is even there; it arrives all the same.
  if (request.overdue) give_up_at_deadline(exchange);
  parts_.scheduler.of(interaction.from.value)
      .at(*arrival, kArrival, Concerning{interaction.to.value},
          Arrival{this, &exchange, interaction.to});
}

void SimConnection::fail_later(Exchange& exchange, const LinkFate& fate) {
  const Interaction& interaction = exchange.request.interaction;
  PendingInteraction& pending = exchange.pending;
  pending.error = fate.error;
  pending.base_delay =
      parts_.path.failure_delay(interaction, fate, interaction.deadline - pending.start);
  const SimTime known = std::min(pending.start + pending.base_delay, interaction.deadline);
  parts_.scheduler.of(interaction.from.value)
      .at(known, kFailure, End{this, &exchange, pending.handler, pending.tag});
}

// The exchange stays open: its request is still under way.
EventId SimConnection::give_up_at_deadline(Exchange& exchange) {
  const Interaction& interaction = exchange.request.interaction;
  return parts_.scheduler.of(interaction.from.value)
      .at(interaction.deadline, kDeadline, [this, &exchange] {
        exchange.pending.late = true;
        tell(exchange);
      });
}

// The asker waits in vain.
void SimConnection::lose(Exchange& exchange) {
  const Interaction& interaction = exchange.request.interaction;
  PendingInteraction& pending = exchange.pending;
  pending.error = LinkError::kUnreachable;
  pending.base_delay = interaction.deadline - pending.start;
  parts_.scheduler.of(interaction.from.value)
      .at(interaction.deadline, kDeadline, End{this, &exchange, pending.handler, pending.tag});
}

// True: there is more to do about the message, for it is a request that has met its receiver.
bool SimConnection::meets(Exchange& exchange) {
  const bool dial = exchange.request.interaction.kind == InteractionKind::kDial;
  if (!presence_->is_present(exchange.request.interaction.to)) {
    if (exchange.request.overdue) {
      close(exchange);
    } else {
      lose(exchange);
    }
    return false;
  }
  if (dial) {
    exchange.answer.status = ReplyStatus::kOk;
    answer_at(parts_.scheduler.now(), exchange);
  }
  return !dial;
}

void SimConnection::arrive(Exchange& exchange) {
  if (presence_ != nullptr && !meets(exchange)) return;
  if (reception_.has_value()) {
    receive(exchange);
    return;
  }
  const PeerRef to = exchange.request.interaction.to;
  exchange.answer.remote_overhead = parts_.overheads.enter(to);
  const SimTime leaves = parts_.scheduler.now() + exchange.answer.remote_overhead;
  serve(exchange);
  if (!parts_.overheads.none()) {
    parts_.scheduler.of(to.value).at(leaves, kDeparture,
                                     [this, to] { parts_.overheads.leave(to); });
  }
  if (exchange.request.overdue) {
    close(exchange);
    return;
  }
  answer_at(leaves, exchange);
}

void SimConnection::serve(Exchange& exchange) {
  const Interaction& interaction = exchange.request.interaction;
  const Segment& segment = exchange.request.segment;
  AnswerMessage& answer = exchange.answer;
  answer.status = ReplyStatus::kOk;
  const auto set_record = [&](const std::optional<Record>& held) {
    answer.has_record = held.has_value();
    answer.record = held.value_or(Record{});
    if (!answer.has_record) return;
    parts_.part.answer_details.send(exchange.request.number,
                                    server_->serve_details(interaction.to, segment.key));
  };
  switch (interaction.kind) {
    case InteractionKind::kGetClosestNodes:
      set_record(server_->serve_get_closest_nodes_to(interaction.to, interaction.from, segment.key,
                                                     answer.contacts));
      answer.names_contacts = true;
      break;
    case InteractionKind::kStoreSegment: {
      const auto details = parts_.part.request_details.receive(exchange.request.number);
      answer.rejected = !server_->serve_store_segment(interaction.to, interaction.from, segment,
                                                      or_null(details));
      if (answer.rejected) answer.status = ReplyStatus::kRejected;
      break;
    }
    case InteractionKind::kRetrieveSegment:
      set_record(server_->serve_retrieve_segment(interaction.to, interaction.from, segment.key));
      break;
    case InteractionKind::kNegotiation:
      break;
    case InteractionKind::kDial:
      KADSIM_ASSERT(false, "a dial asks nothing of the remote");
  }
}

// The answer leaves the receiver then.
EventId SimConnection::answer_at(SimTime leaves, Exchange& exchange) {
  const Interaction& interaction = exchange.request.interaction;
  const std::uint32_t bytes = exchange.answer.has_record ? exchange.answer.record.bytes : 0;
  const SimTime there = parts_.path.answer_arrival(
      {interaction.to, interaction.from, bytes, leaves}, exchange.request.round_trip);
  return end_at(there, interaction.to, exchange);
}

// With the answer that is there then, and a little later under load; or at the deadline without
// one, if that is sooner.
EventId SimConnection::end_at(SimTime time, PeerRef scheduled_by, Exchange& exchange) {
  const Interaction& interaction = exchange.request.interaction;
  PendingInteraction& pending = exchange.pending;
  time += pending.origin_overhead;
  if (time > interaction.deadline) {
    pending.late = true;
    time = std::max(interaction.deadline, parts_.scheduler.now());
  }
  return parts_.scheduler.of(scheduled_by.value)
      .at(time, kAnswer, Concerning{interaction.from.value},
          End{this, &exchange, pending.handler, pending.tag});
}

void SimConnection::tell(Exchange& exchange) {
  const Interaction& interaction = exchange.request.interaction;
  const PendingInteraction& pending = exchange.pending;
  const AnswerMessage& answer = exchange.answer;
  if (is_load(interaction.kind)) parts_.overheads.leave(interaction.from);
  parts_.reports.report({.interaction = interaction,
                         .error = pending.error,
                         .late = pending.late,
                         .awaited = pending.handler->awaits(pending.tag),
                         .rejected = answer.rejected,
                         .busy = answer.status == ReplyStatus::kBusy,
                         .start = pending.start,
                         .end = parts_.scheduler.now(),
                         .base_delay = pending.base_delay,
                         .origin_overhead = pending.origin_overhead,
                         .remote_overhead = answer.remote_overhead,
                         .remote_wait = answer.remote_wait});
  Reply reply;
  if (pending.error == LinkError::kFast) {
    reply.status = ReplyStatus::kRefused;
  } else if (pending.error == LinkError::kNone && !pending.late) {
    reply.status = answer.status;
    if (answer.names_contacts) reply.contacts = answer.contacts.contacts();
    if (answer.has_record) {
      tell_of_record(exchange, reply);
      return;
    }
  }
  pending.handler->on_reply(pending.tag, interaction, reply);
}

// The rare answer that brings a record, apart from all others.
void SimConnection::tell_of_record(const Exchange& exchange, Reply& reply) {
  const auto details = parts_.part.answer_details.receive(exchange.request.number);
  reply.has_record = true;
  reply.record = exchange.answer.record;
  reply.details = or_null(details);
  exchange.pending.handler->on_reply(exchange.pending.tag, exchange.request.interaction, reply);
}

}  // namespace kadsim

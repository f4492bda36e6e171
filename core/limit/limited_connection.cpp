// Requests, from the line for a stream to the reply. Dials are in limited_dials.cpp.

#include "core/limit/limited_connection.hpp"

#include "core/base/assert.hpp"
#include "core/base/prefetch.hpp"

#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kRefusal{"refusal for want of a slot"};
constexpr EventKind kConnected{"connected already"};

}  // namespace

void LimitedConnection::get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                                             ReplyHandler& handler, std::uint64_t tag) {
  open(interaction, {target, 0}, handler, tag);
}

void LimitedConnection::store_segment(const Interaction& interaction, const Segment& segment,
                                      ReplyHandler& handler, std::uint64_t tag) {
  open(interaction, segment, handler, tag);
}

void LimitedConnection::retrieve_segment(const Interaction& interaction, const Hash& key,
                                         ReplyHandler& handler, std::uint64_t tag) {
  open(interaction, {key, 0}, handler, tag);
}

std::uint32_t LimitedConnection::take(const Request& request) {
  const std::uint32_t index = requests_.take();
  requests_[index] = request;
  return index;
}

void LimitedConnection::operation_over(PeerRef origin, std::uint64_t operation) {
  if (parts_.contacts != nullptr) parts_.contacts->operation_over(origin, operation);
  parts_.connection.operation_over(origin, operation);
}

void LimitedConnection::open(const Interaction& interaction, const Segment& segment,
                             ReplyHandler& handler, std::uint64_t tag) {
  const auto use =
      parts_.contacts != nullptr ? parts_.contacts->use(interaction) : DialledConnections::UseId{};
  want_stream(take({.interaction = interaction,
                    .segment = segment,
                    .handler = &handler,
                    .tag = tag,
                    .use = use}));
}

void LimitedConnection::want_stream(std::uint32_t index) {
  Request& request = requests_[index];
  if (parts_.streams == nullptr) {
    want_negotiation(index);
    return;
  }
  request.phase = Phase::kStreamSlot;
  const Gate::Answer answer =
      parts_.streams->enter(request.interaction.from, request.interaction,
                            request.interaction.deadline, *this, gate_tag(index, kStream));
  request.stream = answer.pass;
  request.holds_stream = answer.entry != GateEntry::kRefused;
  if (answer.entry == GateEntry::kEntered) want_negotiation(index);
  if (answer.entry == GateEntry::kRefused) reply_now(index, ReplyStatus::kNoSlot);
}

void LimitedConnection::want_negotiation(std::uint32_t index) {
  Request& request = requests_[index];
  if (parts_.negotiations == nullptr) {
    send(index);
    return;
  }
  request.phase = Phase::kNegotiationSlot;
  const Gate::Answer answer = parts_.negotiations->enter(
      request.interaction.from, request.interaction, request.interaction.deadline, *this,
      gate_tag(index, kNegotiation));
  request.negotiation = answer.pass;
  request.holds_negotiation = answer.entry != GateEntry::kRefused;
  if (answer.entry == GateEntry::kEntered) negotiate(index);
  if (answer.entry == GateEntry::kRefused) reply_now(index, ReplyStatus::kNoSlot);
}

void LimitedConnection::negotiate(std::uint32_t index) {
  Request& request = requests_[index];
  request.phase = Phase::kNegotiating;
  Interaction negotiation = request.interaction;
  negotiation.kind = InteractionKind::kNegotiation;
  parts_.connection.negotiate(negotiation, *this, index);
}

void LimitedConnection::send(std::uint32_t index) {
  Request& request = requests_[index];
  request.phase = Phase::kRequested;
  // Copies: the connection may call back, and make room for further requests.
  const Interaction interaction = request.interaction;
  const Segment segment = request.segment;
  switch (interaction.kind) {
    case InteractionKind::kGetClosestNodes:
      parts_.connection.get_closest_nodes_to(interaction, segment.key, *this, index);
      break;
    case InteractionKind::kStoreSegment:
      parts_.connection.store_segment(interaction, segment, *this, index);
      break;
    case InteractionKind::kRetrieveSegment:
      parts_.connection.retrieve_segment(interaction, segment.key, *this, index);
      break;
    case InteractionKind::kDial:
    case InteractionKind::kNegotiation:
      KADSIM_ASSERT(false, "only requests pass the gates");
  }
}

void LimitedConnection::reply_now(std::uint32_t index, ReplyStatus status) {
  // Not during the call that asked.
  requests_[index].phase = Phase::kOver;
  const std::uint32_t node = requests_[index].interaction.from.value;
  const EventKind kind = status == ReplyStatus::kOk ? kConnected : kRefusal;
  parts_.scheduler.of(node).at(parts_.scheduler.now(), kind, [this, index, status] {
    tell(index, status);
    free(index);
  });
}

void LimitedConnection::tell(std::uint32_t index, ReplyStatus status) {
  leave_gates(requests_[index]);
  const Request request = requests_[index];
  request.handler->on_reply(request.tag, request.interaction,
                            {.status = status, .sent = status != ReplyStatus::kNoSlot});
  // The request that follows a dial uses the connection by now.
  const bool connected =
      request.interaction.kind == InteractionKind::kDial && status == ReplyStatus::kOk;
  if (connected) parts_.contacts->release(request.interaction, request.use);
}

void LimitedConnection::leave_gates(Request& request) {
  const PeerRef node = request.interaction.from;
  if (std::exchange(request.holds_negotiation, false)) {
    parts_.negotiations->leave(node, request.negotiation);
  }
  if (std::exchange(request.holds_stream, false)) parts_.streams->leave(node, request.stream);
  const bool dials = request.interaction.kind == InteractionKind::kDial;
  if (dials || request.use == DialledConnections::UseId{}) return;
  parts_.contacts->release(request.interaction, std::exchange(request.use, {}));
}

void LimitedConnection::on_gate(std::uint64_t tag, GateNews news) {
  const auto index = static_cast<std::uint32_t>(tag >> 2);
  if ((tag & 3) == kConnection) {
    on_connection_gate(index, news);
    return;
  }
  Request& request = requests_[index];
  const bool about_stream = (tag & 3) == kStream;
  if (news != GateNews::kEntered) {
    (about_stream ? request.holds_stream : request.holds_negotiation) = false;
    const Phase phase = std::exchange(request.phase, Phase::kOver);
    const bool requested = phase == Phase::kRequested;
    tell(index, requested ? ReplyStatus::kRevoked : ReplyStatus::kNoSlot);
    // What is under way behind is still to come back.
    if (!requested && phase != Phase::kNegotiating) free(index);
    return;
  }
  if (!request.handler->awaits(request.tag)) {
    // Its operation ended while it was in line.
    leave_gates(request);
    request.phase = Phase::kOver;
    free(index);
    return;
  }
  if (about_stream) {
    want_negotiation(index);
  } else {
    negotiate(index);
  }
}

bool LimitedConnection::awaits(std::uint64_t tag) const {
  const Request& request = requests_[static_cast<std::uint32_t>(tag)];
  return request.phase != Phase::kOver && request.handler->awaits(request.tag);
}

void LimitedConnection::prefetch(std::uint64_t tag, unsigned step) const {
  const Request& request = requests_[static_cast<std::uint32_t>(tag)];
  if (step == 0) {
    kadsim::prefetch(&request, sizeof(Request));
  } else if (request.phase == Phase::kRequested && request.handler == asker_) {
    prefetching_->prefetch(request.tag, step - 1);
  }
}

void LimitedConnection::on_reply(std::uint64_t tag, const Interaction&, const Reply& reply) {
  const auto index = static_cast<std::uint32_t>(tag);
  Request& request = requests_[index];
  if (request.phase == Phase::kDialling) {
    on_dial_reply(index, reply);
    return;
  }
  if (request.phase == Phase::kOver) {  // its slot was revoked meanwhile
    free(index);
    return;
  }
  if (request.phase == Phase::kNegotiating && reply.status == ReplyStatus::kOk) {
    request.holds_negotiation = false;
    parts_.negotiations->leave(request.interaction.from, request.negotiation);
    if (request.handler->awaits(request.tag)) {
      request.interaction.dialled = true;  // errors have befallen the negotiation
      send(index);
      return;
    }
  }
  const bool requested = request.phase == Phase::kRequested;
  leave_gates(request);
  request.phase = Phase::kOver;
  const Request over = request;
  free(index);
  Reply told = reply;
  told.sent = requested;
  over.handler->on_reply(over.tag, over.interaction, told);
}

}  // namespace kadsim

#include "core/limit/limited_requests.hpp"

#include "core/base/assert.hpp"
#include "core/base/prefetch.hpp"

#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kRefusal{"refusal for want of a slot"};

}  // namespace

void LimitedRequests::request(const Interaction& interaction, const Segment& segment,
                              const RecordDetails* details, ReplyHandler& handler,
                              std::uint64_t tag) {
  const std::uint32_t index = requests_.take();
  requests_[index] = {
      .interaction = interaction, .segment = segment, .handler = &handler, .tag = tag};
  if (parts_.contacts != nullptr) requests_[index].use = parts_.contacts->use(interaction);
  details_.send(index, details);
  want_stream(index);
}

// The way to the remote.

void LimitedRequests::want_stream(std::uint32_t index) {
  if (parts_.streams == nullptr) {
    want_negotiation(index);
    return;
  }
  requests_[index].state = State::kWaitsForStream;
  enter(index, *parts_.streams, kStream);
}

void LimitedRequests::want_negotiation(std::uint32_t index) {
  if (parts_.negotiations == nullptr) {
    send(index);
    return;
  }
  requests_[index].state = State::kWaitsForNegotiation;
  enter(index, *parts_.negotiations, kNegotiation);
}

void LimitedRequests::enter(std::uint32_t index, Gate& gate, Slot slot) {
  Request& request = requests_[index];
  const Interaction& interaction = request.interaction;
  const Gate::Answer answer = gate.enter(interaction.from, interaction, interaction.deadline, *this,
                                         (std::uint64_t{index} << 1) | slot);
  if (answer.entry == GateEntry::kRefused) {
    refuse_soon(index);
    return;
  }
  (slot == kStream ? request.stream : request.negotiation) = answer.pass;
  if (answer.entry == GateEntry::kEntered) entered(index, slot);
}

void LimitedRequests::entered(std::uint32_t index, Slot slot) {
  if (slot == kStream) {
    want_negotiation(index);
  } else {
    negotiate(index);
  }
}

void LimitedRequests::negotiate(std::uint32_t index) {
  Request& request = requests_[index];
  request.state = State::kNegotiating;
  Interaction negotiation = request.interaction;
  negotiation.kind = InteractionKind::kNegotiation;
  parts_.connection.negotiate(negotiation, *this, index);
}

void LimitedRequests::send(std::uint32_t index) {
  Request& request = requests_[index];
  request.state = State::kSent;
  // Copies: the connection may ask this for further requests, which moves the pool.
  const Interaction interaction = request.interaction;
  const Segment segment = request.segment;
  switch (interaction.kind) {
    case InteractionKind::kGetClosestNodes:
      parts_.connection.get_closest_nodes_to(interaction, segment.key, *this, index);
      break;
    case InteractionKind::kStoreSegment: {
      const auto details = details_.receive(index);
      parts_.connection.store_segment(interaction, segment, or_null(details), *this, index);
      break;
    }
    case InteractionKind::kRetrieveSegment:
      parts_.connection.retrieve_segment(interaction, segment.key, *this, index);
      break;
    case InteractionKind::kDial:
    case InteractionKind::kNegotiation:
      KADSIM_ASSERT(false, "only requests pass the gates");
  }
}

// What gates say later.

void LimitedRequests::on_gate(std::uint64_t tag, GateNews news) {
  const auto index = static_cast<std::uint32_t>(tag >> 1);
  const Slot slot = (tag & 1) == kStream ? kStream : kNegotiation;
  if (news == GateNews::kEntered) {
    turn_comes(index, slot);
  } else {
    slot_lost(index, slot);
  }
}

void LimitedRequests::turn_comes(std::uint32_t index, Slot slot) {
  Request& request = requests_[index];
  if (request.handler->awaits(request.tag)) {
    entered(index, slot);
    return;
  }
  let_go(request);
  free(index);
}

void LimitedRequests::slot_lost(std::uint32_t index, Slot slot) {
  Request& request = requests_[index];
  (slot == kStream ? request.stream : request.negotiation).reset();  // void: not to be left
  switch (request.state) {
    case State::kWaitsForStream:
    case State::kWaitsForNegotiation:
      end(index, {.status = ReplyStatus::kNoSlot});
      break;
    case State::kNegotiating:
      abandon(index, {.status = ReplyStatus::kNoSlot});
      break;
    case State::kSent:
      abandon(index, {.status = ReplyStatus::kRevoked});
      break;
    case State::kRefused:  // the handler is about to hear that
      break;
    case State::kAbandoned:
    case State::kOver:
      KADSIM_ASSERT(false, "news for a request that holds no slot");
  }
}

void LimitedRequests::refuse_soon(std::uint32_t index) {
  requests_[index].state = State::kRefused;
  const std::uint32_t node = requests_[index].interaction.from.value;
  parts_.scheduler.of(node).at(parts_.scheduler.now(), kRefusal,
                               [this, index] { end(index, {.status = ReplyStatus::kNoSlot}); });
}

// What the connection says.

bool LimitedRequests::awaits(std::uint64_t tag) const {
  const Request& request = requests_[static_cast<std::uint32_t>(tag)];
  return request.state != State::kAbandoned && request.handler->awaits(request.tag);
}

void LimitedRequests::on_reply(std::uint64_t tag, const Interaction&, const Reply& reply) {
  const auto index = static_cast<std::uint32_t>(tag);
  switch (requests_[index].state) {
    case State::kNegotiating:
      negotiated(index, reply);
      break;
    case State::kSent:
      end(index, reply);
      break;
    case State::kAbandoned:
      free(index);
      break;
    case State::kWaitsForStream:
    case State::kWaitsForNegotiation:
    case State::kRefused:
    case State::kOver:
      KADSIM_ASSERT(false, "a reply to what was not sent");
  }
}

void LimitedRequests::negotiated(std::uint32_t index, const Reply& reply) {
  Request& request = requests_[index];
  const bool goes_on = reply.status == ReplyStatus::kOk && request.handler->awaits(request.tag);
  if (!goes_on) {
    end(index, reply);
    return;
  }
  leave(parts_.negotiations, request, request.negotiation);
  request.interaction.dialled = true;  // errors have befallen the negotiation
  send(index);
}

// The end.

void LimitedRequests::end(std::uint32_t index, Reply reply) {
  let_go(requests_[index]);
  const Request over = requests_[index];
  free(index);
  reply.sent = over.state == State::kSent;
  over.handler->on_reply(over.tag, over.interaction, reply);
}

/// The handler hears of its end now, while a negotiation or a request is still under way.
void LimitedRequests::abandon(std::uint32_t index, Reply reply) {
  let_go(requests_[index]);
  const Request told = requests_[index];
  requests_[index].state = State::kAbandoned;
  reply.sent = told.state == State::kSent;
  told.handler->on_reply(told.tag, told.interaction, reply);
}

void LimitedRequests::let_go(Request& request) {
  leave(parts_.negotiations, request, request.negotiation);
  leave(parts_.streams, request, request.stream);
  if (request.use == DialledConnections::UseId{}) return;
  parts_.contacts->release(request.interaction, request.use);
}

void LimitedRequests::leave(Gate* gate, const Request& request, std::optional<GatePass>& pass) {
  if (pass.has_value()) gate->leave(request.interaction.from, *std::exchange(pass, std::nullopt));
}

void LimitedRequests::free(std::uint32_t index) {
  requests_[index].state = State::kOver;
  requests_.give_back(index);
}

void LimitedRequests::prefetch(std::uint64_t tag, unsigned step) const {
  const Request& request = requests_[static_cast<std::uint32_t>(tag)];
  if (step == 0) {
    kadsim::prefetch(&request, sizeof(Request));
  } else if (request.state == State::kSent && request.handler == asker_) {
    prefetching_->prefetch(request.tag, step - 1);
  }
}

}  // namespace kadsim

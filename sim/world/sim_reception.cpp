// SimConnection's other half: requests at receivers that have limits. A receiver keeps a Visit for
// each, and hears nothing of its asker: that one has given up when its deadline has passed.

#include "core/base/assert.hpp"
#include "sim/world/sim_connection.hpp"

#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kDeparture{"departure"};

}  // namespace

const Reception& SimConnection::reception_of(PeerRef node) const {
  return reception_by_node_ == nullptr ? *reception_ : reception_by_node_->reception_of(node);
}

std::uint32_t SimConnection::take_visit(Exchange& exchange) {
  SlotPool<Visit>& visits = parts_.part.visits;
  const std::uint32_t index = visits.take();
  visits[index] = {.exchange = &exchange,
                   .at = exchange.request.interaction.to,
                   .arrival = parts_.scheduler.now()};
  return index;
}

void SimConnection::end_visit(std::uint32_t index) { parts_.part.visits.give_back(index); }

void SimConnection::receive(Exchange& exchange) {
  const std::uint32_t index = take_visit(exchange);
  const RequestMessage& request = exchange.request;
  const Interaction& interaction = request.interaction;
  const Reception& reception = reception_of(interaction.to);
  Gate* const gate = interaction.kind == InteractionKind::kNegotiation ? reception.negotiations
                                                                       : reception.streams;
  if (gate == nullptr) {
    admit(index);
    return;
  }
  // That its asker has given up is known here a message later.
  const SimTime given_up = interaction.deadline + request.round_trip.back();
  const Gate::Answer answer = gate->enter(interaction.to, interaction, given_up, *this, index);
  if (answer.entry == GateEntry::kRefused) {
    turn_away(index, !request.overdue);
    return;
  }
  Visit& visit = parts_.part.visits[index];
  visit.gate = gate;
  visit.pass = answer.pass;
  if (answer.entry == GateEntry::kEntered) {
    admit(index);
    return;
  }
  // How long the wait is, the asker cannot foresee: from now on it watches its deadline.
  if (!request.overdue) visit.deadline = give_up_at_deadline(exchange);
}

// Of a request in line: has its asker not given up? Then its deadline no longer matters.
bool SimConnection::still_awaited(const Visit& visit) {
  if (visit.exchange->request.overdue) return false;
  return visit.deadline == EventId{} || parts_.scheduler.cancel(visit.deadline);
}

void SimConnection::admit(std::uint32_t index) {
  Visit& visit = parts_.part.visits[index];
  Exchange& exchange = *visit.exchange;
  AnswerMessage& answer = exchange.answer;
  const SimTime now = parts_.scheduler.now();
  const bool awaited = still_awaited(visit);
  answer.remote_wait = now - visit.arrival;
  Duration work;
  // A negotiation stays until the request can be there: its answer goes out, the request comes in.
  Duration stay = exchange.request.round_trip.whole();
  if (exchange.request.interaction.kind != InteractionKind::kNegotiation) {
    visit.counts = true;
    answer.remote_overhead = parts_.overheads.enter(visit.at);
    work = answer.remote_overhead + reception_of(visit.at).service_time;
    stay = work;
  }
  serve(exchange);
  visit.departure = parts_.scheduler.of(visit.at.value).at(now + stay, kDeparture, [this, index] {
    depart(index);
  });
  if (awaited) {
    visit.answer = answer_at(now + work, exchange);
  } else {
    visit.exchange = nullptr;
    close(exchange);
  }
}

void SimConnection::depart(std::uint32_t index) {
  const Visit visit = parts_.part.visits[index];
  if (visit.counts) parts_.overheads.leave(visit.at);
  end_visit(index);
  if (visit.gate != nullptr) visit.gate->leave(visit.at, visit.pass);
}

void SimConnection::turn_away(std::uint32_t index, bool awaited) {
  Exchange& exchange = *parts_.part.visits[index].exchange;
  end_visit(index);
  if (!awaited) {
    close(exchange);
    return;
  }
  AnswerMessage& answer = exchange.answer;
  answer.status = ReplyStatus::kBusy;
  answer.names_contacts = answer.has_record = false;
  answer_at(parts_.scheduler.now(), exchange);
}

// A slot is lost while the request is served. What has been answered stays so; what has not yet,
// never will be.
void SimConnection::revoke(std::uint32_t index) {
  const Visit& visit = parts_.part.visits[index];
  KADSIM_ASSERT(visit.departure != EventId{}, "a slot is revoked from a request in line");
  if (visit.counts) parts_.overheads.leave(visit.at);
  parts_.scheduler.cancel(visit.departure);
  if (visit.exchange != nullptr && parts_.scheduler.cancel(visit.answer)) {
    turn_away(index, true);
  } else {
    end_visit(index);
  }
}

void SimConnection::on_gate(std::uint64_t tag, GateNews news) {
  const auto index = static_cast<std::uint32_t>(tag);
  switch (news) {
    case GateNews::kEntered:
      admit(index);
      break;
    case GateNews::kRefused: {
      const Visit& visit = parts_.part.visits[index];
      visit.exchange->answer.remote_wait = parts_.scheduler.now() - visit.arrival;
      turn_away(index, still_awaited(visit));
      break;
    }
    case GateNews::kRevoked:
      revoke(index);
      break;
  }
}

}  // namespace kadsim

// SimConnection's other half: requests at receivers that have limits.

#include "core/base/assert.hpp"
#include "sim/world/sim_connection.hpp"

#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kDeadline{"deadline"};
constexpr EventKind kDeparture{"departure"};

}  // namespace

std::uint32_t SimConnection::take_visit(Exchange& exchange) {
  if (free_visits_.empty()) {
    free_visits_.push_back(static_cast<std::uint32_t>(visits_.size()));
    visits_.emplace_back();
  }
  const std::uint32_t index = free_visits_.back();
  free_visits_.pop_back();
  visits_[index] = {.exchange = &exchange,
                    .at = exchange.record.interaction.to,
                    .arrival = parts_.scheduler.now()};
  exchange.visit = index;
  return index;
}

void SimConnection::end_visit(std::uint32_t index) {
  if (visits_[index].exchange != nullptr) visits_[index].exchange->visit = kNoVisit;
  visits_[index] = Visit{};
  free_visits_.push_back(index);
}

void SimConnection::receive(Exchange& exchange) {
  const std::uint32_t index = take_visit(exchange);
  const Interaction& interaction = exchange.record.interaction;
  Gate* const gate = interaction.kind == InteractionKind::kNegotiation ? reception_->negotiations
                                                                       : reception_->streams;
  if (gate == nullptr) {
    admit(index);
    return;
  }
  // That its sender has given up is known here a way later.
  const SimTime given_up = interaction.deadline + RoundTrip(exchange.record.base_delay).back();
  const Gate::Answer answer = gate->enter(interaction.to, interaction, given_up, *this, index);
  if (answer.entry == GateEntry::kRefused) {
    turn_away(index);
    return;
  }
  visits_[index].gate = gate;
  visits_[index].pass = answer.pass;
  if (answer.entry == GateEntry::kEntered) {
    admit(index);
    return;
  }
  if (exchange.late) return;
  visits_[index].event =
      parts_.scheduler.schedule_at(interaction.deadline, parts_.order.next(interaction.from.value),
                                   kDeadline, interaction.from.value, [this, &exchange] {
                                     visits_[exchange.visit].event = EventId{};
                                     exchange.late = true;
                                     tell(exchange);
                                   });
}

void SimConnection::admit(std::uint32_t index) {
  Visit& visit = visits_[index];
  Exchange& exchange = *visit.exchange;
  InteractionOutcome& record = exchange.record;
  const SimTime now = parts_.scheduler.now();
  parts_.scheduler.cancel(std::exchange(visit.event, EventId{}));
  record.remote_wait = now - visit.arrival;
  Duration work;
  Duration stay = record.base_delay;  // a negotiation: until the request can be there
  if (record.interaction.kind != InteractionKind::kNegotiation) {
    visit.counts = true;
    record.remote_overhead = parts_.overheads.enter(visit.at);
    work = record.remote_overhead + reception_->service_time;
    stay = work;
  }
  serve(exchange);
  visit.event =
      parts_.scheduler.schedule_at(now + stay, parts_.order.next(visit.at.value), kDeparture,
                                   visit.at.value, [this, index] { depart(index); });
  if (exchange.late) {
    visit.exchange = nullptr;
    close(exchange);
    return;
  }
  visit.completion = answer_at(now + work, exchange);
}

void SimConnection::depart(std::uint32_t index) {
  const Visit visit = visits_[index];
  if (visit.counts) parts_.overheads.leave(visit.at);
  end_visit(index);
  if (visit.gate != nullptr) visit.gate->leave(visit.at, visit.pass);
}

void SimConnection::turn_away(std::uint32_t index) {
  Visit& visit = visits_[index];
  Exchange& exchange = *visit.exchange;
  parts_.scheduler.cancel(visit.event);
  const bool was_served = visit.completion != EventId{};
  if (!was_served) exchange.record.remote_wait = parts_.scheduler.now() - visit.arrival;
  exchange.record.busy = true;
  end_visit(index);
  if (exchange.late) {
    close(exchange);
    return;
  }
  exchange.answer = {.status = ReplyStatus::kBusy};
  answer_at(parts_.scheduler.now(), exchange);
}

void SimConnection::revoke(std::uint32_t index) {
  Visit& visit = visits_[index];
  if (visit.counts) parts_.overheads.leave(visit.at);
  parts_.scheduler.cancel(visit.event);
  if (visit.exchange == nullptr) {
    end_visit(index);
    return;
  }
  parts_.scheduler.cancel(visit.completion);
  turn_away(index);
}

void SimConnection::on_gate(std::uint64_t tag, GateNews news) {
  const auto index = static_cast<std::uint32_t>(tag);
  switch (news) {
    case GateNews::kEntered:
      admit(index);
      break;
    case GateNews::kRefused:
      turn_away(index);
      break;
    case GateNews::kRevoked:
      revoke(index);
      break;
  }
}

}  // namespace kadsim

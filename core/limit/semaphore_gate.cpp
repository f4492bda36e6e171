#include "core/limit/semaphore_gate.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {
namespace {

std::optional<Duration> longest_wait(const OnLimit& on_limit) {
  if (std::holds_alternative<on_limit::Wait>(on_limit)) return std::nullopt;
  if (const auto* wait = std::get_if<on_limit::WaitFor>(&on_limit)) return wait->wait_for;
  return Duration();
}

GatePass pass_of(SlotTicket ticket, std::uint32_t line) {
  return {(static_cast<std::uint64_t>(ticket.generation) << 32) | ticket.index, line};
}

SlotTicket ticket_of(GatePass pass) {
  return {static_cast<std::uint32_t>(pass.slot), static_cast<std::uint32_t>(pass.slot >> 32)};
}

}  // namespace

SemaphoreGate::SemaphoreGate(Scheduler& scheduler, EventOrder& order, std::uint32_t limit,
                             const OnLimit& on_limit)
    : scheduler_(scheduler), order_(order), limit_(limit), longest_wait_(longest_wait(on_limit)) {
  KADSIM_ASSERT(limit >= 1, "a gate without slots lets nobody in");
}

Semaphore& SemaphoreGate::slots_of(PeerRef node) {
  return slots_.try_emplace(node.value, Semaphore::Parts{scheduler_, order_, node.value}, limit_)
      .first->second;
}

std::uint32_t SemaphoreGate::out(PeerRef node) const {
  const auto found = slots_.find(node.value);
  return found == slots_.end() ? 0 : found->second.out();
}

Gate::Answer SemaphoreGate::enter(PeerRef node, const Interaction&, SimTime deadline,
                                  GateListener& listener, std::uint64_t tag) {
  Semaphore& slots = slots_of(node);
  if (const SlotTicket ticket = slots.try_acquire(); ticket != SlotTicket{}) {
    ++counts_.entered;
    return {GateEntry::kEntered, pass_of(ticket, 0)};
  }
  if (longest_wait_.has_value()) deadline = std::min(deadline, scheduler_.now() + *longest_wait_);
  if (deadline <= scheduler_.now()) {
    ++counts_.refused;
    return {GateEntry::kRefused, {}};
  }
  ++counts_.waited;
  if (free_waits_.empty()) {
    free_waits_.push_back(static_cast<std::uint32_t>(waits_.size()));
    waits_.emplace_back();
  }
  const std::uint32_t line = free_waits_.back();
  free_waits_.pop_back();
  waits_[line] = {&listener, tag};
  return {GateEntry::kWaits, pass_of(slots.acquire(*this, line, deadline), line)};
}

void SemaphoreGate::leave(PeerRef node, GatePass pass) {
  Semaphore& slots = slots_of(node);
  if (slots.release(ticket_of(pass))) return;
  const bool waited = slots.cancel(ticket_of(pass));
  KADSIM_ASSERT(waited, "a gate is left twice");
  free_waits_.push_back(pass.line);
}

void SemaphoreGate::on_slot(std::uint64_t tag, SlotOutcome outcome) {
  const Wait wait = waits_[tag];
  free_waits_.push_back(static_cast<std::uint32_t>(tag));
  const bool granted = outcome == SlotOutcome::kGranted;
  ++(granted ? counts_.entered : counts_.refused);
  wait.listener->on_gate(wait.tag, granted ? GateNews::kEntered : GateNews::kRefused);
}

}  // namespace kadsim

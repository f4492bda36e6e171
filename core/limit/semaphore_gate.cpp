#include "core/limit/semaphore_gate.hpp"

#include "core/base/assert.hpp"

namespace kadsim {
namespace {

GatePass pass_of(SlotTicket ticket, std::uint32_t line) {
  return {(static_cast<std::uint64_t>(ticket.generation) << 32) | ticket.index, line};
}

SlotTicket ticket_of(GatePass pass) {
  return {static_cast<std::uint32_t>(pass.slot), static_cast<std::uint32_t>(pass.slot >> 32)};
}

}  // namespace

SemaphoreGate::SemaphoreGate(NetworkScheduler& scheduler, std::uint32_t limit, const WaitRule& rule)
    : scheduler_(scheduler), limit_(limit), rule_(rule) {
  KADSIM_ASSERT(limit >= 1, "a gate without slots lets nothing in");
}

Semaphore& SemaphoreGate::slots_of(PeerRef node) {
  return slots_.of(node, scheduler_.of(node.value), limit_);
}

std::uint32_t SemaphoreGate::out(PeerRef node) const {
  const Semaphore* const slots = slots_.find(node);
  return slots == nullptr ? 0 : slots->out();
}

Gate::Answer SemaphoreGate::enter(PeerRef node, const Interaction&, SimTime deadline,
                                  GateListener& listener, std::uint64_t tag) {
  Semaphore& slots = slots_of(node);
  if (const SlotTicket ticket = slots.try_acquire(); ticket != SlotTicket{}) {
    ++counts_.entered;
    return {GateEntry::kEntered, pass_of(ticket, 0)};
  }
  const SimTime wait_end = rule_.wait_end(scheduler_.now(), deadline);
  if (wait_end <= scheduler_.now()) {
    ++counts_.refused;
    return {GateEntry::kRefused, {}};
  }
  ++counts_.waited;
  const std::uint32_t line = waits_.take();
  waits_[line] = {&listener, tag};
  return {GateEntry::kWaits, pass_of(slots.acquire(*this, line, wait_end), line)};
}

void SemaphoreGate::leave(PeerRef node, GatePass pass) {
  Semaphore& slots = slots_of(node);
  if (slots.release(ticket_of(pass))) return;
  const bool waited = slots.cancel(ticket_of(pass));
  KADSIM_ASSERT(waited, "a gate is left twice");
  waits_.give_back(pass.line);
}

void SemaphoreGate::on_slot(std::uint64_t tag, SlotOutcome outcome) {
  const auto line = static_cast<std::uint32_t>(tag);
  const Wait wait = waits_[line];
  waits_.give_back(line);
  const bool granted = outcome == SlotOutcome::kGranted;
  ++(granted ? counts_.entered : counts_.refused);
  wait.listener->on_gate(wait.tag, granted ? GateNews::kEntered : GateNews::kRefused);
}

}  // namespace kadsim

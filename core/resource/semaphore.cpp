#include "core/resource/semaphore.hpp"

#include "core/base/assert.hpp"

#include <utility>

namespace kadsim {
namespace {

constexpr EventKind kSlot{"slot"};

}  // namespace

std::string_view name_of(SlotOutcome outcome) {
  return outcome == SlotOutcome::kGranted ? "granted" : "deadline passed";
}

Semaphore::~Semaphore() {
  for (std::uint32_t index = 0; index < claims_.size(); ++index)
    scheduler_.cancel(claims_[index].event);
}

bool Semaphore::valid(SlotTicket ticket) const {
  return ticket.generation != 0 && ticket.index < claims_.size() &&
         claims_[ticket.index].generation == ticket.generation;
}

void Semaphore::free_claim(std::uint32_t index) {
  Claim& claim = claims_[index];
  claim.state = State::kFree;
  claim.event = EventId{};
  if (++claim.generation == 0) claim.generation = 1;
  claims_.give_back(index);
}

SlotTicket Semaphore::try_acquire() {
  if (out_ >= limit_ || waiting_ > 0) return {};
  const std::uint32_t index = claims_.take();
  claims_[index].state = State::kHeld;
  ++out_;
  return {index, claims_[index].generation};
}

SlotTicket Semaphore::acquire(SlotListener& listener, std::uint64_t tag, SimTime deadline) {
  KADSIM_ASSERT(deadline >= scheduler_.now(), "a wait for a slot ends in the past");
  if (const SlotTicket ticket = try_acquire(); ticket != SlotTicket{}) return ticket;
  const std::uint32_t index = claims_.take();
  Claim& claim = claims_[index];
  claim.listener = &listener;
  claim.tag = tag;
  claim.deadline = deadline;
  claim.state = State::kWaiting;
  claim.before = last_;
  claim.behind = kNone;
  (last_ == kNone ? first_ : claims_[last_].behind) = index;
  last_ = index;
  ++waiting_;
  if (deadline != SimTime::max()) {
    claim.event = schedule(deadline, index, SlotOutcome::kDeadlinePassed);
  }
  return {index, claim.generation};
}

bool Semaphore::holds(SlotTicket ticket) const {
  return valid(ticket) && claims_[ticket.index].state == State::kHeld;
}

bool Semaphore::cancel(SlotTicket ticket) {
  if (!valid(ticket) || claims_[ticket.index].state == State::kHeld) return false;
  const State state = claims_[ticket.index].state;
  scheduler_.cancel(claims_[ticket.index].event);
  if (state == State::kWaiting) leave_line(ticket.index);
  free_claim(ticket.index);
  if (state == State::kWoken) {
    --out_;
    wake();
  }
  return true;
}

bool Semaphore::release(SlotTicket ticket) {
  if (!holds(ticket)) return false;
  free_claim(ticket.index);
  --out_;
  wake();
  return true;
}

void Semaphore::resize(std::uint32_t limit) {
  limit_ = limit;
  wake();
}

void Semaphore::leave_line(std::uint32_t index) {
  const Claim& claim = claims_[index];
  (claim.before == kNone ? first_ : claims_[claim.before].behind) = claim.behind;
  (claim.behind == kNone ? last_ : claims_[claim.behind].before) = claim.before;
  --waiting_;
}

void Semaphore::wake() {
  const SimTime now = scheduler_.now();
  while (out_ < limit_ && first_ != kNone) {
    const std::uint32_t index = first_;
    Claim& claim = claims_[index];
    leave_line(index);
    if (claim.deadline <= now) {
      claim.state = State::kTooLate;  // the event of its deadline is about to run
      continue;
    }
    scheduler_.cancel(claim.event);
    claim.state = State::kWoken;
    ++out_;
    claim.event = schedule(now, index, SlotOutcome::kGranted);
  }
}

EventId Semaphore::schedule(SimTime time, std::uint32_t index, SlotOutcome outcome) {
  return scheduler_.at(time, kSlot, [this, index, outcome] { tell(index, outcome); });
}

void Semaphore::tell(std::uint32_t index, SlotOutcome outcome) {
  Claim& claim = claims_[index];
  SlotListener& listener = *claim.listener;
  const std::uint64_t tag = claim.tag;
  claim.event = EventId{};
  if (outcome == SlotOutcome::kGranted) {
    claim.state = State::kHeld;
  } else {
    if (claim.state == State::kWaiting) leave_line(index);
    free_claim(index);
  }
  listener.on_slot(tag, outcome);
}

}  // namespace kadsim

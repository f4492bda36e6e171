#include "core/event/scheduler.hpp"

#include "core/base/assert.hpp"

#include <fmt/format.h>

#include <utility>

namespace kadsim {
namespace {

constexpr std::uint64_t kManyEvents = std::uint64_t{1} << 32;

}  // namespace

std::uint32_t Scheduler::take_slot(SimTime time, EventKind kind, std::uint64_t node) {
  KADSIM_ASSERT(time >= now_,
                fmt::format("event '{}' of node {} scheduled at {} ns, which is before now, {} ns",
                            kind.name, node, time.ns(), now_.ns()));
  if (free_slots_.empty()) {
    const auto first = static_cast<std::uint32_t>(blocks_.size() * kSlotsPerBlock);
    blocks_.push_back(std::make_unique<Slot[]>(kSlotsPerBlock));
    free_slots_.reserve(blocks_.size() * kSlotsPerBlock);
    for (std::uint32_t i = kSlotsPerBlock; i-- > 0;) free_slots_.push_back(first + i);
  }
  const std::uint32_t slot = free_slots_.back();
  free_slots_.pop_back();
  Slot& taken = slot_at(slot);
  taken.kind = kind;
  taken.node = node;
  return slot;
}

EventId Scheduler::enqueue(SimTime time, std::uint64_t order, std::uint32_t slot) {
  Slot& taken = slot_at(slot);
  ++pending_;
  queue_.push({{time, order, next_sequence_++}, slot, taken.generation});
  return {slot, taken.generation};
}

void Scheduler::retire(Slot& slot) {
  if (++slot.generation == 0) slot.generation = 1;
}

bool Scheduler::cancel(EventId id) {
  if (id.generation == 0 || id.slot / kSlotsPerBlock >= blocks_.size()) return false;
  Slot& slot = slot_at(id.slot);
  if (slot.generation != id.generation) return false;
  retire(slot);
  slot.action.discard();
  free_slots_.push_back(id.slot);
  --pending_;
  // Entries of cancelled events stay in the queue until they surface; more dead than living ones
  // are swept out.
  if (queue_.size() > 2 * pending_ + kSlotsPerBlock) {
    queue_.remove_if([this](const EventQueue::Entry& entry) {
      return slot_at(entry.slot).generation != entry.generation;
    });
  }
  return true;
}

void Scheduler::drop_cancelled() {
  while (!queue_.empty() && slot_at(queue_.top().slot).generation != queue_.top().generation) {
    queue_.pop();
  }
}

std::optional<SimTime> Scheduler::next_time() {
  drop_cancelled();
  if (queue_.empty()) return std::nullopt;
  return queue_.top().key.time;
}

void Scheduler::count_instant(SimTime time, const Slot& slot) {
  if (time != now_) {
    now_ = time;
    events_in_instant_ = 0;
  }
  if (++events_in_instant_ > storm_limit_) {
    throw EventStormError(fmt::format(
        "more than {} events at {} ns of virtual time; the next is '{}' of node {}: events keep "
        "scheduling each other without letting time pass",
        storm_limit_, time.ns(), slot.kind.name, slot.node));
  }
}

bool Scheduler::run_one() {
  drop_cancelled();
  if (queue_.empty()) return false;
  const EventQueue::Entry entry = queue_.top();
  Slot& slot = slot_at(entry.slot);
  count_instant(entry.key.time, slot);
  queue_.pop();
  // From here on the event can no longer be cancelled; its slot is given back when the action is
  // over.
  retire(slot);
  --pending_;
  ++events_run_;
  struct GiveBack {
    Scheduler* scheduler;
    std::uint32_t slot;
    ~GiveBack() { scheduler->free_slots_.push_back(slot); }
  } give_back{this, entry.slot};
  slot.action.run();
  return true;
}

std::uint64_t Scheduler::run_until(SimTime time) {
  KADSIM_ASSERT(time >= now_, "the clock does not run backwards");
  const std::uint64_t before = events_run_;
  while (run_slice(time, kManyEvents)) {
  }
  const auto next = next_time();
  if ((!next.has_value() || *next > time) && time > now_) {
    events_in_instant_ = 0;
    now_ = time;
  }
  return events_run_ - before;
}

bool Scheduler::run_slice(SimTime until, std::uint64_t max_events) {
  for (std::uint64_t i = 0; i < max_events; ++i) {
    if (stop_requested_) break;
    const auto next = next_time();
    if (!next.has_value() || *next > until) return false;
    run_one();
  }
  return !std::exchange(stop_requested_, false);
}

std::uint64_t Scheduler::run_all() {
  const std::uint64_t before = events_run_;
  while (run_slice(SimTime::max(), kManyEvents)) {
  }
  return events_run_ - before;
}

void Scheduler::set_storm_limit(std::uint64_t limit) {
  KADSIM_ASSERT(limit > 0, "a storm limit of 0 would stop every event");
  storm_limit_ = limit;
}

}  // namespace kadsim

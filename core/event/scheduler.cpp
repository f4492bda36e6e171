#include "core/event/scheduler.hpp"

#include "core/base/assert.hpp"
#include "core/base/prefetch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace kadsim {
namespace {

constexpr std::uint64_t kManyEvents = std::uint64_t{1} << 32;
constexpr std::size_t kBetweenStages = 3;  // events
static_assert((kPrefetchStages + 1) * kBetweenStages <= EventQueue::kAhead);

}  // namespace

// Kind and node of an event are kept only for an observer; else only a storm's error tells them,
// and a storm is made by what is scheduled in the instant itself. Storing them with every event
// would be one more scattered write for each, which cost a third of the time with a million
// pending.
void Scheduler::note(SimTime time, EventKind kind, std::uint64_t node) {
  if (time < now_) {
    fail_assertion(
        "time >= now()", __FILE__, __LINE__,
        fmt::format("event '{}' of node {} scheduled at {} ns, which is before now, {} ns",
                    kind.name, node, time.ns(), now_.ns()));
  }
  if (observer_ != nullptr) {
    const std::size_t slot = slots_.next();
    if (labels_.size() <= slot) labels_.resize(slot + 1);
    labels_[slot] = {kind, node};
  }
  if (time > now_) return;
  ++instant_.events_scheduled;
  instant_.last_kind = kind;
  instant_.last_node = node;
}

void Scheduler::set_observer(EventObserver* observer) {
  KADSIM_ASSERT(pending_ == 0, "an observer of events is set while some are pending");
  observer_ = observer;
  look_at_events();
}

// Without an observer, one comparison at scheduling and one at running, which are made anyway, let
// an event pass. To be called whenever the clock has moved, if there is one.
void Scheduler::look_at_events() {
  notes_until_ = observer_ == nullptr ? now_ : SimTime::max();
  plain_events_ = observer_ == nullptr ? storm_limit_ : 0;
}

// An event that is one too many for its instant, or that an observer wants to hear of.
void Scheduler::look_closer(EventEntry next) {
  if (instant_.events_run > storm_limit_) refuse_storm();
  look_at_events();
  const Label& label = labels_[next.slot];
  observer_->on_event(next.time, label.kind, label.node);
}

bool Scheduler::cancel(EventId id) {
  if (id.generation == 0 || !slots_.exists(id.slot)) return false;
  EventSlots::Slot& slot = slots_[id.slot];
  if (slot.generation != id.generation) return false;
  EventSlots::retire(slot);
  slot.action.discard();
  slots_.give_back(id.slot);
  --pending_;
  // Entries of cancelled events stay in the queue until they surface; more dead than living ones
  // are swept out.
  constexpr std::size_t kFewDead = 1024;
  if (queue_.size() > 2 * pending_ + kFewDead) queue_.remove_dead();
  return true;
}

// The next event that was not cancelled; null if none is pending.
inline const EventEntry* Scheduler::next_entry() {
  while (!queue_.empty()) {
    const EventEntry& next = queue_.top();
    if (slots_.alive(next)) return &next;
    queue_.pop();
  }
  return nullptr;
}

std::optional<SimTime> Scheduler::next_time() {
  const EventEntry* next = next_entry();
  if (next == nullptr) return std::nullopt;
  return next->time;
}

inline void Scheduler::set_clock(SimTime time) {
  if (time == now_) return;
  now_ = time;
  notes_until_ = time;
  instant_.events_run = 0;
  instant_.events_scheduled = 0;
}

void Scheduler::refuse_storm() const {
  const std::string scheduled =
      instant_.events_scheduled == 0
          ? "all of them scheduled before"
          : fmt::format("{} scheduled in that instant, the last is '{}' of node {}",
                        instant_.events_scheduled, instant_.last_kind.name, instant_.last_node);
  throw EventStormError(
      fmt::format("more than {} events at {} ns of virtual time; {}: events keep scheduling each "
                  "other without letting time pass",
                  storm_limit_, now_.ns(), scheduled));
}

// With many events pending, whatever an event touches lies in memory far away. Since the next
// dozen are known, their slots are asked for first, and then, in stages, what their actions will
// touch; all that comes while earlier events run.
inline void Scheduler::prefetch_ahead() {
  const std::span<const EventEntry> upcoming = queue_.upcoming();
  constexpr std::size_t kSlotAhead = kPrefetchStages * kBetweenStages;
  if (kSlotAhead < upcoming.size()) prefetch(&slots_[upcoming[kSlotAhead].slot]);
  if (any_prefetches_) prefetch_in_stages(upcoming);
}

void Scheduler::prefetch_in_stages(std::span<const EventEntry> upcoming) {
  for (unsigned stage = 0; stage < kPrefetchStages; ++stage) {
    const std::size_t ahead = (kPrefetchStages - 1 - stage) * kBetweenStages + 1;
    if (ahead >= upcoming.size()) continue;
    EventSlots::Slot& slot = slots_[upcoming[ahead].slot];
    if (slot.link == kPrefetches && slots_.alive(upcoming[ahead])) slot.action.prefetch(stage);
  }
}

inline void Scheduler::run(EventEntry next) {
  set_clock(next.time);
  if (++instant_.events_run > plain_events_) [[unlikely]]
    look_closer(next);
  prefetch_ahead();
  queue_.pop();
  // From here on the event can no longer be cancelled; its slot is given back when the action is
  // over.
  EventSlots::Slot& slot = slots_[next.slot];
  EventSlots::retire(slot);
  --pending_;
  ++events_run_;
  struct GiveBack {
    EventSlots& slots;
    std::uint32_t slot;
    ~GiveBack() { slots.give_back(slot); }
  } give_back{slots_, next.slot};
  slot.action.run();
}

bool Scheduler::run_one() {
  const EventEntry* next = next_entry();
  if (next == nullptr) return false;
  run(*next);
  return true;
}

bool Scheduler::run_slice(SimTime until, std::uint64_t max_events) {
  for (std::uint64_t i = 0; i < max_events && !stop_requested_; ++i) {
    const EventEntry* next = next_entry();
    if (next == nullptr || next->time > until) return false;
    run(*next);
  }
  return !std::exchange(stop_requested_, false);
}

std::uint64_t Scheduler::run_until(SimTime time) {
  KADSIM_ASSERT(time >= now_, "the clock does not run backwards");
  const std::uint64_t before = events_run_;
  while (run_slice(time, kManyEvents)) {
  }
  const auto next = next_time();
  if (!next.has_value() || *next > time) set_clock(std::max(time, now_));
  look_at_events();
  return events_run_ - before;
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
  look_at_events();
}

}  // namespace kadsim

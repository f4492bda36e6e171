#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "core/event/action.hpp"
#include "core/event/event_queue.hpp"
#include "core/event/event_slots.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What an event is, for people: a name with static lifetime. It has no influence on the order.
struct EventKind {
  const char* name = "event";
};

/// Sees every event before it runs: for traces. It may not schedule, cancel or stop anything.
class EventObserver {
 public:
  virtual ~EventObserver() = default;
  /// `node` is the number that the event was scheduled with.
  virtual void on_event(SimTime time, EventKind kind, std::uint64_t node) = 0;
};

/// Handle of a scheduled event. The default one names no event and is safe to pass.
struct EventId {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;  ///< 0 never names an event

  bool operator==(const EventId&) const = default;
};

/// Events that schedule each other for the same instant without end. Names the time, and kind and
/// node of the last event that was scheduled in that instant for it.
class EventStormError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A single worker with a fake clock: runs events in the total order (time, order), first come,
/// first served among equals, also when an event schedules another for its own instant. When
/// nothing is due the clock jumps to the next event; nothing sleeps.
///
/// `order` is a number that the scheduler does not interpret. Without one it counts up from 0,
/// which is for programs that have one source of events. The nodes of a network schedule through
/// views of their own (NodeScheduler), which compose it, so that the order of a node's events
/// depends on no other node.
///
/// Scheduling into the past is an assertion. No event allocates: actions live in pooled slots that
/// do not move. Single-threaded. Schedule, run and cancel are O(1) amortised for events that come
/// about evenly, O(log n) at worst, n = events pending (see EventQueue).
class Scheduler {
 public:
  Scheduler() = default;
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  [[nodiscard]] SimTime now() const { return now_; }

  /// `node` is a number for messages about the event. Pre: time >= now().
  template <EventAction F>
  EventId schedule_at(SimTime time, EventKind kind, std::uint64_t node, F&& action) {
    return schedule_at(time, next_order_++, kind, node, std::forward<F>(action));
  }
  template <EventAction F>
  EventId schedule_at(SimTime time, std::uint64_t order, EventKind kind, std::uint64_t node,
                      F&& action) {
    if (time <= notes_until_) note(time, kind, node);
    const std::uint32_t index = slots_.take();
    EventSlots::Slot& slot = slots_[index];
    slot.action.emplace(std::forward<F>(action));
    const EventRank rank{order, next_sequence_++};
    slot.rank = rank;
    if constexpr (PrefetchingAction<std::decay_t<F>>) {
      slot.link = kPrefetches;
      if (!any_prefetches_) queue_.look_ahead();
      any_prefetches_ = true;
    } else {
      slot.link = 0;
    }
    ++pending_;
    const std::uint32_t generation = slot.generation;
    queue_.push({time, index, generation}, rank);
    return {index, generation};
  }
  /// Pre: delay >= 0.
  template <EventAction F>
  EventId schedule_after(Duration delay, EventKind kind, std::uint64_t node, F&& action) {
    return schedule_at(now_ + delay, kind, node, std::forward<F>(action));
  }

  /// True exactly once for each scheduled event: if it was pending, and now will not run. False for
  /// one that ran, runs, was cancelled before, and for the empty id.
  bool cancel(EventId id);

  /// Time of the next event; none if nothing is pending.
  [[nodiscard]] std::optional<SimTime> next_time();
  /// Events that are scheduled and neither ran nor were cancelled.
  [[nodiscard]] std::size_t pending() const { return pending_; }
  /// Events that ran since the start.
  [[nodiscard]] std::uint64_t events_run() const { return events_run_; }

  /// Moves the clock to the next event and runs it. False if nothing is pending.
  bool run_one();
  /// Runs at most `max_events` events with time <= `until`. False: nothing more is due by then, or
  /// a stop was requested. For callers that have something to do between slices of a long run.
  bool run_slice(SimTime until, std::uint64_t max_events);
  /// Runs every event with time <= `time`, then sets the clock to `time`. Pre: time >= now().
  /// Each of these three returns how many events it ran. After `request_stop` it returns early,
  /// with the clock at the last event.
  std::uint64_t run_until(SimTime time);
  std::uint64_t run_for(Duration span) { return run_until(now_ + span); }
  std::uint64_t run_all();

  /// Makes the running (or, outside a run, the next) `run_*` return after the event that is
  /// running.
  void request_stop() { stop_requested_ = true; }

  /// Is told of every event from here on; null: of none, which costs nothing. The observer outlives
  /// the scheduler. Pre: nothing is pending, as the kind of an event is kept only for an observer.
  void set_observer(EventObserver* observer);

  /// How many events may run in one instant of virtual time before it is taken for a storm. Pre:
  /// limit > 0.
  void set_storm_limit(std::uint64_t limit);

 private:
  /// The instant that the clock shows.
  struct Instant {
    std::uint64_t events_run = 0;
    std::uint64_t events_scheduled = 0;  ///< in it, for it
    EventKind last_kind;                 ///< of the last of these, as is the node
    std::uint64_t last_node = 0;
  };
  static constexpr std::uint32_t kPrefetches =
      1;  // a slot's link: the action is a PrefetchingAction

  /// What an observer is told of a pending event, by its slot.
  struct Label {
    EventKind kind;
    std::uint64_t node = 0;
  };

  void note(SimTime time, EventKind kind, std::uint64_t node);
  void look_at_events();
  void look_closer(EventEntry next);
  const EventEntry* next_entry();
  void prefetch_ahead();
  void prefetch_in_stages(std::span<const EventEntry> upcoming);
  void run(EventEntry next);
  void set_clock(SimTime time);
  [[noreturn]] void refuse_storm() const;

  SimTime now_;
  std::uint64_t next_order_ = 0;
  std::uint64_t next_sequence_ = 0;
  std::uint64_t events_run_ = 0;
  Instant instant_;
  std::uint64_t storm_limit_ = 10'000'000;
  // These two are `now_` and `storm_limit_` without an observer, and mean all events with one.
  SimTime notes_until_;  // kind and node of an event that is scheduled for then or before are noted
  std::uint64_t plain_events_ = storm_limit_;  // of an instant: they run without a closer look
  std::size_t pending_ = 0;
  bool stop_requested_ = false;
  bool any_prefetches_ = false;  // some event was a PrefetchingAction
  EventObserver* observer_ = nullptr;
  std::vector<Label> labels_;  // by slot; empty without an observer
  EventSlots slots_;
  EventQueue queue_{slots_};
};

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <string_view>

#include "core/base/slot_pool.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// A claim on a slot of a semaphore: waiting for it, or holding it. The default one claims nothing
/// and is safe to pass. Never valid again once its slot was given back or its wait ended.
struct SlotTicket {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;  ///< 0 never names a claim

  bool operator==(const SlotTicket&) const = default;
};

/// How a wait for a slot ended.
enum class SlotOutcome : std::uint8_t {
  kGranted,
  kDeadlinePassed,  ///< no slot came free before the deadline's tick
};
std::string_view name_of(SlotOutcome outcome);

/// Told how a wait ended, once, and never during a call of the semaphore. `tag` is the number given
/// with the wait. Not told of a wait that was cancelled.
class SlotListener {
 public:
  virtual ~SlotListener() = default;
  virtual void on_slot(std::uint64_t tag, SlotOutcome outcome) = 0;
};

/// A counting semaphore on virtual time: at most `limit` slots are out, and callers that find none
/// wait in line, first come, first served.
///
/// - A free slot is granted at once if there is no line. A slot that comes free goes to the first
///   waiter in line at that instant; its listener hears of it in an event of the same instant, and
///   no other caller can overtake it meanwhile.
/// - At the tick of its deadline a waiter is refused, even if a slot comes free at that very tick
///   and whichever event of that tick runs first. Nothing is granted in the past.
/// - A lowered limit takes no slot back: none is given until fewer than `limit` are out.
///
/// Every call is O(1) apart from events, which cost what the scheduler says; allocates only until
/// there is room for as many claims as ever were at once. Single-threaded. Scheduler, order and
/// listeners outlive it; it takes its events with it. Source: py-libp2p's stream semaphore (FIFO,
/// without deadline), with deadlines, cancelling and a limit that may change.
class Semaphore {
 public:
  /// Its events are those of the node whose view `scheduler` is.
  Semaphore(NodeScheduler scheduler, std::uint32_t limit) : scheduler_(scheduler), limit_(limit) {}
  ~Semaphore();
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// A slot now, or the empty ticket. It never overtakes the waiters in line.
  SlotTicket try_acquire();
  /// A slot now (then `holds` is true and the listener is not told), or a place in line until
  /// `deadline`, exclusive. Pre: deadline >= now.
  SlotTicket acquire(SlotListener& listener, std::uint64_t tag, SimTime deadline = SimTime::max());
  /// Whether the slot is out to this ticket and its holder has been told.
  [[nodiscard]] bool holds(SlotTicket ticket) const;
  /// Takes the waiter out of the line. True exactly once, and only for a ticket whose listener has
  /// not been told.
  bool cancel(SlotTicket ticket);
  /// Gives the slot back. True exactly once, and only for a ticket that holds one.
  bool release(SlotTicket ticket);
  /// Raising it wakes those in line, in order.
  void resize(std::uint32_t limit);

  [[nodiscard]] std::uint32_t limit() const { return limit_; }
  /// Slots that are out, including those granted to waiters whose listeners were not told yet.
  [[nodiscard]] std::uint32_t out() const { return out_; }
  /// How many waiters are in line.
  [[nodiscard]] std::uint32_t waiting() const { return waiting_; }
  /// True if no slot is out, no caller waits, and no listener is about to be told.
  [[nodiscard]] bool idle() const { return claims_.in_use() == 0; }

 private:
  enum class State : std::uint8_t { kFree, kWaiting, kTooLate, kWoken, kHeld };
  static constexpr std::uint32_t kNone = 0xffffffffU;

  struct Claim {
    SlotListener* listener = nullptr;
    std::uint64_t tag = 0;
    SimTime deadline;
    EventId event;  // its deadline while it waits, the news afterwards
    std::uint32_t generation = 1;
    std::uint32_t before = kNone;  // in line
    std::uint32_t behind = kNone;
    State state = State::kFree;
  };

  [[nodiscard]] bool valid(SlotTicket ticket) const;
  void free_claim(std::uint32_t index);
  void leave_line(std::uint32_t index);
  void wake();
  void tell(std::uint32_t index, SlotOutcome outcome);
  EventId schedule(SimTime time, std::uint32_t index, SlotOutcome outcome);

  NodeScheduler scheduler_;
  std::uint32_t limit_;
  std::uint32_t out_ = 0;
  std::uint32_t waiting_ = 0;
  std::uint32_t first_ = kNone;
  std::uint32_t last_ = kNone;
  SlotPool<Claim> claims_;
};

}  // namespace kadsim

// Slots on virtual time.

#include "core/resource/semaphore.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace kadsim;

namespace {

constexpr SimTime at(std::int64_t ns) { return SimTime() + Duration::nanoseconds(ns); }

// A semaphore and everything that its listeners were told.
class Line final : public SlotListener {
 public:
  explicit Line(std::uint32_t limit) : slots(nodes.of(0), limit) {}
  SlotTicket wait(std::uint64_t tag, SimTime deadline = SimTime::max()) {
    return slots.acquire(*this, tag, deadline);
  }
  void on_slot(std::uint64_t tag, SlotOutcome outcome) override {
    told.push_back(std::to_string(tag) + " " + std::string(name_of(outcome)) + " at " +
                   std::to_string((scheduler.now() - SimTime()).ns()));
  }

  Scheduler scheduler;
  NetworkScheduler nodes{scheduler, 2};
  Semaphore slots;
  std::vector<std::string> told;
};

using Told = std::vector<std::string>;

}  // namespace

TEST_CASE("a free slot is given at once, and no listener is told", "[semaphore]") {
  Line line(2);
  const SlotTicket first = line.wait(1);
  const SlotTicket second = line.slots.try_acquire();
  CHECK(line.slots.holds(first));
  CHECK(line.slots.holds(second));
  CHECK(line.slots.out() == 2);
  CHECK(line.slots.try_acquire() == SlotTicket{});
  CHECK(line.scheduler.run_all() == 0);
  CHECK(line.told.empty());
}

TEST_CASE("waiters get slots in line, never during a call, and are not overtaken", "[semaphore]") {
  Line line(1);
  const SlotTicket held = line.wait(1);
  const SlotTicket second = line.wait(2);
  line.wait(3);
  CHECK(line.slots.waiting() == 2);
  CHECK(line.slots.release(held));
  CHECK(line.told.empty());
  CHECK_FALSE(line.slots.holds(second));
  CHECK(line.slots.try_acquire() == SlotTicket{});  // the slot is out to the second already
  line.scheduler.run_all();
  CHECK(line.told == Told{"2 granted at 0"});
  CHECK(line.slots.release(second));
  line.scheduler.run_all();
  CHECK(line.told == Told{"2 granted at 0", "3 granted at 0"});
}

TEST_CASE("a slot is given back exactly once", "[semaphore]") {
  Line line(1);
  const SlotTicket held = line.wait(1);
  CHECK(line.slots.release(held));
  CHECK_FALSE(line.slots.release(held));
  const SlotTicket next = line.wait(2);
  CHECK_FALSE(line.slots.release(held));  // its place serves another claim now
  CHECK(line.slots.holds(next));
  CHECK_FALSE(line.slots.release(SlotTicket{}));
  CHECK_FALSE(line.slots.cancel(next));  // held, not waiting
  const SlotTicket waiting = line.wait(3);
  CHECK_FALSE(line.slots.release(waiting));
  CHECK(line.slots.out() == 1);
}

TEST_CASE("a waiter is refused at its deadline's tick, whatever else happens at it",
          "[semaphore]") {
  // Released one tick before, at, and one after a deadline of 100.
  for (const std::int64_t released : {99, 100, 101}) {
    for (const bool release_first : {true, false}) {
      CAPTURE(released, release_first);
      Line line(1);
      const SlotTicket held = line.wait(1);
      const auto release = [&] { line.slots.release(held); };
      const EventKind kind{"release"};
      if (release_first) line.scheduler.schedule_at(at(released), 0, kind, 0, release);
      line.wait(2, at(100));
      if (!release_first) line.scheduler.schedule_at(at(released), 99, kind, 0, release);
      line.scheduler.run_all();
      CHECK(line.told ==
            (released == 99 ? Told{"2 granted at 99"} : Told{"2 deadline passed at 100"}));
      CHECK(line.slots.out() == (released == 99 ? 1 : 0));
    }
  }
}

TEST_CASE("a deadline of now gets a free slot, and no other", "[semaphore]") {
  Line line(1);
  const SlotTicket held = line.wait(1, at(0));
  CHECK(line.slots.holds(held));
  line.wait(2, at(0));
  line.slots.release(held);
  CHECK(line.told.empty());
  line.scheduler.run_all();
  CHECK(line.told == Told{"2 deadline passed at 0"});
}

TEST_CASE("a waiter that is refused keeps none behind it from a slot", "[semaphore]") {
  Line line(1);
  const SlotTicket held = line.wait(1);
  line.wait(2, at(100));
  line.wait(3, at(200));
  line.scheduler.schedule_at(at(100), 0, EventKind{"release"}, 0,
                             [&] { line.slots.release(held); });
  line.scheduler.run_all();
  CHECK(line.told.size() == 2);
  CHECK(line.slots.waiting() == 0);
  CHECK(line.slots.out() == 1);  // the third has it
}

TEST_CASE("a wait that is cancelled is not told, also when its slot was on the way",
          "[semaphore]") {
  Line line(1);
  const SlotTicket held = line.wait(1);
  const SlotTicket second = line.wait(2, at(50));
  const SlotTicket third = line.wait(3);
  CHECK(line.slots.cancel(second));
  CHECK_FALSE(line.slots.cancel(second));
  const SlotTicket fourth = line.wait(4);
  line.slots.release(held);
  CHECK(line.slots.cancel(third));  // woken, not told yet: the slot goes on to the fourth
  line.scheduler.run_all();
  CHECK(line.told == Told{"4 granted at 0"});
  CHECK(line.slots.release(fourth));
  CHECK(line.slots.idle());
}

TEST_CASE("a greater limit wakes in order, a smaller one takes nothing back", "[semaphore]") {
  Line line(1);
  const SlotTicket held = line.wait(1);
  line.wait(2);
  line.wait(3);
  line.wait(4);
  line.slots.resize(3);
  line.scheduler.run_all();
  CHECK(line.told == Told{"2 granted at 0", "3 granted at 0"});
  line.slots.resize(0);
  CHECK(line.slots.out() == 3);
  line.slots.release(held);
  line.scheduler.run_all();
  CHECK(line.told.size() == 2);
  CHECK(line.slots.out() == 2);
  CHECK(line.slots.waiting() == 1);
}

TEST_CASE("a semaphore takes its events with it", "[semaphore]") {
  Line line(1);
  {
    Semaphore other(line.nodes.of(1), 1);
    const SlotTicket held = other.acquire(line, 1);
    other.acquire(line, 2, at(10));
    other.acquire(line, 3);
    other.release(held);
    CHECK(line.scheduler.pending() > 0);
  }
  CHECK(line.scheduler.pending() == 0);
}

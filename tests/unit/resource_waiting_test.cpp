#include "core/resource/resource_manager.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace kadsim;

namespace {

SimTime at_ms(std::int64_t ms) { return SimTime::at(Duration::milliseconds(ms)); }

// Writes down what its listeners are told, in order.
class Queue final : public ResourceListener {
 public:
  Scheduler scheduler;
  NetworkScheduler nodes{scheduler, 1};
  ResourceManager manager{nodes.of(0)};
  OwnerId app = manager.add_owner(manager.root(), {.name = "app"}).owner;
  std::vector<std::string> told;
  std::vector<ResourceId> got;

  void on_ended(VertexId, EndReason reason, std::uint64_t tag) override {
    told.push_back(std::string(name(reason)) + " " + std::to_string(tag));
  }
  void on_wait_over(WaiterId, Refusal refusal, ResourceId leaf, std::uint64_t tag) override {
    told.push_back(std::string(refusal == Refusal::kNone ? "got" : name(refusal)) + " " +
                   std::to_string(tag));
    if (refusal == Refusal::kNone) got.push_back(leaf);
  }
  ResourceOptions want(Units units, std::uint64_t tag, std::uint32_t priority = 65536,
                       ResourceClass c = kStreams) {
    ResourceOptions options;
    options.resource_class = c;
    options.units = units;
    options.priority = EdgePriority::of(priority);
    options.listener = this;
    options.tag = tag;
    return options;
  }
  AddedOrWaiting wait(const ResourceOptions& options, SimTime deadline = at_ms(1000)) {
    return manager.add_with_deadline(app, options, deadline);
  }
  ResourceId hold(Units units) { return manager.try_add(app, want(units, 99)).resource; }
};

}  // namespace

TEST_CASE("waiters are admitted by priority, then in order", "[resource]") {
  Queue queue;
  REQUIRE(queue.manager.set_limit(queue.app, kStreams, {.units = 1}) == Refusal::kNone);
  ResourceId held = queue.hold(1);
  REQUIRE(queue.wait(queue.want(1, 1, 100)).waiter != WaiterId{});
  queue.wait(queue.want(1, 2, 200));
  queue.wait(queue.want(1, 3, 200));
  REQUIRE(queue.told.empty());
  for (int i = 0; i < 3; ++i) {
    REQUIRE(queue.manager.destroy(held).refusal == Refusal::kNone);
    held = queue.got.back();
  }
  REQUIRE(queue.told == std::vector<std::string>{"got 2", "got 3", "got 1"});
  REQUIRE(queue.scheduler.pending() == 0);
}

TEST_CASE("a waiter is refused at its deadline tick, not before, and even if room comes free then",
          "[resource]") {
  // Room at a nanosecond before the deadline, at it, and after.
  const std::int64_t offset_ns = GENERATE(-1, 0, 1);
  CAPTURE(offset_ns);
  Queue queue;
  REQUIRE(queue.manager.set_limit(queue.app, kStreams, {.units = 1}) == Refusal::kNone);
  const ResourceId held = queue.hold(1);
  const SimTime deadline = at_ms(10);
  queue.scheduler.schedule_at(deadline + Duration::nanoseconds(offset_ns), EventKind{"free"}, 0,
                              [&] { queue.manager.destroy(held); });
  queue.wait(queue.want(1, 1), deadline);
  queue.scheduler.run_all();
  REQUIRE(queue.told == std::vector<std::string>{offset_ns < 0 ? "got 1" : "deadline 1"});
  REQUIRE(queue.manager.waiting() == 0);
}

TEST_CASE("a request with a deadline that is now gets what there is, or is refused", "[resource]") {
  Queue queue;
  REQUIRE(queue.manager.set_limit(queue.app, kStreams, {.units = 1}) == Refusal::kNone);
  REQUIRE(queue.wait(queue.want(1, 1), SimTime{}).resource != ResourceId{});
  REQUIRE(queue.wait(queue.want(1, 2), SimTime{}).refusal == Refusal::kDeadline);
  REQUIRE(queue.told.empty());
}

TEST_CASE("a waiter that does not fit is passed over eight times, and then by none behind it",
          "[resource]") {
  Queue queue;
  REQUIRE(queue.manager.set_limit(queue.app, kStreams, {.units = 4}) == Refusal::kNone);
  std::vector<ResourceId> held;
  for (int i = 0; i < 4; ++i) held.push_back(queue.hold(1));
  queue.wait(queue.want(4, 1000), at_ms(100'000));
  // Every tick one leaf ends; small ones keep coming.
  std::uint64_t small = 0;
  for (int tick = 0; tick < 14 && queue.manager.waiting() > 0; ++tick) {
    const AddedOrWaiting added = queue.wait(queue.want(1, ++small), at_ms(100'000));
    if (added.resource != ResourceId{}) held.push_back(added.resource);
    REQUIRE_FALSE(held.empty());
    REQUIRE(queue.manager.destroy(held.front()).refusal == Refusal::kNone);
    held.erase(held.begin());
    held.insert(held.end(), queue.got.begin(), queue.got.end());
    queue.got.clear();
    if (!queue.told.empty() && queue.told.back() == "got 1000") break;
  }
  // Eight went by; then four had to end before the large one had room, and no other was let in.
  REQUIRE(queue.told == std::vector<std::string>{"got 1", "got 2", "got 3", "got 4", "got 5",
                                                 "got 6", "got 7", "got 8", "got 1000"});
}

TEST_CASE("an urgent waiter does not hold back a waiter with which it shares no limit",
          "[resource]") {
  Queue queue;
  const OwnerId other = queue.manager.add_owner(queue.manager.root(), {.name = "other"}).owner;
  REQUIRE(queue.manager.set_limit(queue.app, kStreams, {.units = 2}) == Refusal::kNone);
  REQUIRE(queue.manager.set_limit(other, kStreams, {.units = 1}) == Refusal::kNone);
  queue.hold(1);
  queue.wait(queue.want(2, 1000));
  for (std::uint64_t i = 0; i < ResourceManager::kMaxPassedOver; ++i) {
    const AddedOrWaiting added = queue.wait(queue.want(1, i));
    REQUIRE(added.resource != ResourceId{});
    REQUIRE(queue.manager.lost(added.resource) == Refusal::kNone);
  }
  REQUIRE(queue.wait(queue.want(1, 2000)).waiter != WaiterId{});
  const AddedOrWaiting elsewhere =
      queue.manager.add_with_deadline(other, queue.want(1, 3000), at_ms(1000));
  REQUIRE(elsewhere.resource != ResourceId{});
}

TEST_CASE("a waiter for a rate is served when the bucket has refilled, by one timer",
          "[resource]") {
  Queue queue;
  // 1000 units a second, 10 at once.
  REQUIRE(queue.manager.set_limit(queue.app, kBandwidth, {.units = 1000, .burst = 10}) ==
          Refusal::kNone);
  const auto bytes = [&](Units units, std::uint64_t tag) {
    return queue.want(units, tag, 65536, kBandwidth);
  };
  REQUIRE(queue.manager.try_add(queue.app, bytes(10, 1)).refusal == Refusal::kNone);
  REQUIRE(queue.scheduler.pending() == 0);
  REQUIRE(queue.manager.try_add(queue.app, bytes(1, 2)).refusal == Refusal::kOverLimit);
  queue.wait(bytes(5, 3));
  queue.wait(bytes(3, 4));
  queue.wait(bytes(11, 5), at_ms(20));  // more than the bucket ever has
  REQUIRE(queue.scheduler.pending() == 1);
  // The smaller one goes first, as it fits first; then the other has to wait for its own.
  REQUIRE(*queue.scheduler.next_time() == at_ms(3));
  queue.scheduler.run_until(at_ms(3));
  REQUIRE(queue.told == std::vector<std::string>{"got 4"});
  queue.scheduler.run_until(at_ms(8));
  REQUIRE(queue.told == std::vector<std::string>{"got 4", "got 3"});
  queue.scheduler.run_all();
  REQUIRE(queue.told.back() == "deadline 5");
  REQUIRE(queue.scheduler.now() == at_ms(20));
  REQUIRE(queue.manager.used(queue.app, kBandwidth) == 0);
}

TEST_CASE("a waiter hears when its owner or its lifetime ends, and not when it cancels",
          "[resource]") {
  Queue queue;
  REQUIRE(queue.manager.set_limit(queue.manager.root(), kStreams, {.units = 0}) == Refusal::kNone);
  const LifetimeId lifetime = queue.manager.derive(queue.manager.lifetime(queue.manager.root()));
  ResourceOptions bound = queue.want(1, 1);
  bound.within = lifetime;
  queue.wait(bound);
  queue.wait(queue.want(1, 2));
  const WaiterId third = queue.wait(queue.want(1, 3)).waiter;
  REQUIRE(queue.manager.cancel_wait(third) == Refusal::kNone);
  REQUIRE(queue.manager.cancel_wait(third) == Refusal::kUnknownWaiter);
  REQUIRE(queue.manager.end(lifetime) == Refusal::kNone);
  REQUIRE(queue.manager.destroy(queue.app).refusal == Refusal::kNone);
  REQUIRE(queue.told == std::vector<std::string>{"lifetime ended 1", "owner ended 2"});
  REQUIRE(queue.scheduler.pending() == 0);
}

TEST_CASE("a waiter never pushes a leaf out", "[resource]") {
  Queue queue;
  REQUIRE(queue.manager.set_limit(queue.app, kStreams, {.units = 1}) == Refusal::kNone);
  const ResourceId low = queue.manager.try_add(queue.app, queue.want(1, 1, 0)).resource;
  REQUIRE(queue.wait(queue.want(1, 2)).waiter != WaiterId{});
  REQUIRE(queue.manager.exists(low));
}

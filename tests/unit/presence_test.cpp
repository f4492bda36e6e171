// Presence that changes while a network is played: read at arrival, at the receiver.

#include "sim/world/presence.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <optional>
#include <vector>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
SimTime at(Duration since_start) { return SimTime::at(since_start); }

// Node 1 is absent from one time until another, exclusive; the other nodes are always there.
class Scripted final : public Presence {
 public:
  Scripted(const Scheduler& scheduler, SimTime from, SimTime until)
      : scheduler_(scheduler), from_(from), until_(until) {}
  [[nodiscard]] bool is_present(PeerRef node) const override {
    ++asked;
    return node != PeerRef{1} || scheduler_.now() < from_ || scheduler_.now() >= until_;
  }
  mutable int asked = 0;

 private:
  const Scheduler& scheduler_;
  SimTime from_;
  SimTime until_;
};

// Two nodes, 10 ms apart, and what node 0 hears of node 1.
struct World final : ReplyHandler {
  explicit World(const NetworkSetup& setup = plain_setup(1, 20))
      : network(DhtNetwork::init_with_hashes(random_hashes(1, 2), setup, scheduler)) {
    network->connection().add_observer(observed);
  }
  void absent(Duration from, Duration until) {
    script.emplace(scheduler, at(from), at(until));
    network->set_presence(&*script);
  }
  [[nodiscard]] static Interaction of(InteractionKind kind, Duration deadline) {
    return {.kind = kind, .from = {0}, .to = {1}, .operation = 5, .deadline = at(deadline)};
  }
  void dial(Duration deadline) {
    network->connection().dial(of(InteractionKind::kDial, deadline), *this, 0);
  }
  void store(Duration deadline) {
    network->connection().store_segment(of(InteractionKind::kStoreSegment, deadline), segment,
                                        nullptr, *this, 0);
  }
  [[nodiscard]] bool stored() const {
    return network->client({1}).stored_record(segment.key).has_value();
  }

  bool awaits(std::uint64_t) const override { return true; }
  void on_reply(std::uint64_t, const Interaction&, const Reply& reply) override {
    statuses.push_back(reply.status);
    times.push_back(scheduler.now());
  }

  Scheduler scheduler;
  std::optional<Scripted> script;
  Interactions observed;
  std::unique_ptr<DhtNetwork> network;
  Segment segment{Hash::of_name("x"), 10};
  std::vector<ReplyStatus> statuses;
  std::vector<SimTime> times;
};

using Statuses = std::vector<ReplyStatus>;
using Times = std::vector<SimTime>;

}  // namespace

TEST_CASE("without presence a dial is one event and a request two", "[presence]") {
  World world;
  world.dial(ms(100));
  CHECK(world.scheduler.run_all() == 1);
  world.store(ms(100));
  CHECK(world.scheduler.run_all() == 2);
}

TEST_CASE("nodes that are there answer at the same times, dials by way of an arrival",
          "[presence]") {
  World world;
  world.absent(ms(900), ms(901));
  world.dial(ms(100));
  CHECK(world.scheduler.run_all() == 2);
  world.store(ms(100));
  CHECK(world.scheduler.run_all() == 2);
  CHECK(world.statuses == Statuses{ReplyStatus::kOk, ReplyStatus::kOk});
  CHECK(world.times == Times{at(ms(10)), at(ms(20))});
  CHECK(world.script->asked == 2);
}

TEST_CASE("a request to an absent node is lost, and its asker told at its deadline", "[presence]") {
  World world;
  world.absent(ms(0), ms(900));
  world.store(ms(100));
  CHECK(world.scheduler.run_all() == 2);
  CHECK(world.statuses == Statuses{ReplyStatus::kNoAnswer});
  CHECK(world.times == Times{at(ms(100))});
  CHECK_FALSE(world.stored());
  CHECK(world.network->connection().in_flight() == 0);
  CHECK(world.network->connection().traffic().failures == 1);
  REQUIRE(world.observed.records.size() == 1);
  CHECK(world.observed.records[0].error == LinkError::kUnreachable);
  CHECK(world.observed.records[0].base_delay == ms(100));
}

TEST_CASE("a dial to an absent node is lost likewise", "[presence]") {
  World world;
  world.absent(ms(0), ms(900));
  world.dial(ms(100));
  world.scheduler.run_all();
  CHECK(world.statuses == Statuses{ReplyStatus::kNoAnswer});
  CHECK(world.times == Times{at(ms(100))});
}

TEST_CASE("what counts is the instant of arrival, not that of sending or of the answer",
          "[presence]") {
  struct Case {
    Duration from;
    Duration until;
    bool answered;
  };
  // Messages arrive at 5 ms.
  for (const Case& one : {Case{ms(0), ms(5), true}, Case{ms(0), ms(6), false},
                          Case{ms(5), ms(6), false}, Case{ms(6), ms(50), true}}) {
    CAPTURE(one.from.ns(), one.until.ns());
    World world;
    world.absent(one.from, one.until);
    world.dial(ms(100));
    world.store(ms(100));
    world.scheduler.run_all();
    const ReplyStatus status = one.answered ? ReplyStatus::kOk : ReplyStatus::kNoAnswer;
    CHECK(world.statuses == Statuses{status, status});
    CHECK(world.times.back() == at(one.answered ? ms(10) : ms(100)));
    CHECK(world.stored() == one.answered);
  }
}

TEST_CASE("an asker that has given up before the arrival is told once", "[presence]") {
  for (const Duration until : {ms(0), ms(900)}) {
    World world;
    world.absent(ms(0), until);
    world.store(ms(3));
    world.dial(ms(3));
    world.scheduler.run_all();
    CHECK(world.statuses == Statuses{ReplyStatus::kNoAnswer, ReplyStatus::kNoAnswer});
    CHECK(world.times == Times{at(ms(3)), at(ms(3))});
    CHECK(world.stored() == (until == ms(0)));
    CHECK(world.network->connection().in_flight() == 0);
  }
}

TEST_CASE("a lost request takes no slot of its receiver and no load", "[presence]") {
  NetworkSetup setup = plain_setup(1, 20);
  setup.client.resources.streams.inbound = 1;
  setup.network.link.gamma = ms(1);
  World world(setup);
  world.absent(ms(0), ms(6));
  world.store(ms(100));  // arrives at 5 ms
  world.scheduler.run_until(at(ms(2)));
  world.store(ms(101));  // arrives at 7 ms
  world.scheduler.run_all();
  CHECK(world.statuses == Statuses{ReplyStatus::kOk, ReplyStatus::kNoAnswer});
  REQUIRE(world.observed.records.size() == 2);
  CHECK(world.observed.records[0].remote_wait == Duration());
  CHECK(world.observed.records[0].remote_overhead == ms(1));
  CHECK(world.observed.records[1].remote_overhead == Duration());
  CHECK(world.times.back() == at(ms(100)));
}

TEST_CASE("py-dht's port reads presence at its start instant", "[presence]") {
  NetworkSetup setup = plain_setup(1, 20);
  World world(setup);
  world.absent(ms(0), ms(1));
  InstantNetwork& network = world.network->instant_network();
  const InstantOutcome lost = network.open_port({{0}, 1, Hash(), ms(300)}).dial_and_ask({1});
  CHECK_FALSE(lost.answered);
  CHECK(lost.delay == ms(300));
  world.scheduler.run_until(at(ms(1)));
  const InstantOutcome told = network.open_port({{0}, 2, Hash(), ms(300)}).dial_and_ask({1});
  CHECK(told.answered);
  CHECK(told.delay == ms(20));
  REQUIRE(world.observed.records.size() == 2);
  CHECK(world.observed.records[0].error == LinkError::kUnreachable);
  CHECK(world.observed.records[1].error == LinkError::kNone);
}

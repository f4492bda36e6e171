// Streams within limits: which get in, when, and what becomes of the others.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

// Many nodes, 10 ms apart, that all ask node 1 at once; and what each was told, when, in ms.
class Crowd final : public ReplyHandler {
 public:
  explicit Crowd(const ClientResources& resources, bool awaited = true) : awaited_(awaited) {
    NetworkSetup setup = plain_setup(1, 20);
    setup.client.resources = resources;
    network = DhtNetwork::init_with_hashes(random_hashes(1, 8), setup, scheduler);
    network->connection().add_observer(observed);
  }
  bool awaits(std::uint64_t) const override { return awaited_; }
  void on_reply(std::uint64_t tag, const Interaction&, const Reply& reply) override {
    told.push_back({tag, reply.status, (scheduler.now() - SimTime()).ns() / 1'000'000});
  }
  // Through the limits of the sender, as clients ask.
  void ask(std::uint32_t from, std::uint64_t tag, Duration patience = ms(1000)) {
    Connection& limited = network->gates()->connection();
    limited.get_closest_nodes_to({.kind = InteractionKind::kGetClosestNodes,
                                  .from = {from},
                                  .to = {1},
                                  .operation = tag,
                                  .deadline = scheduler.now() + patience},
                                 Hash(), *this, tag);
  }

  struct Told {
    std::uint64_t tag;
    ReplyStatus status;
    std::int64_t at_ms;
    bool operator==(const Told&) const = default;
  };
  Scheduler scheduler;
  Interactions observed;
  std::unique_ptr<DhtNetwork> network;
  std::vector<Told> told;

 private:
  bool awaited_;
};

using Told = Crowd::Told;
constexpr auto kOk = ReplyStatus::kOk;
constexpr auto kBusy = ReplyStatus::kBusy;
constexpr auto kNoSlot = ReplyStatus::kNoSlot;
constexpr auto kNoAnswer = ReplyStatus::kNoAnswer;

}  // namespace

TEST_CASE("a node works on a request for its service time", "[limits]") {
  Crowd crowd({.service_time = ms(7)});
  crowd.ask(2, 0);
  crowd.ask(3, 1);
  crowd.scheduler.run_all();
  std::ranges::sort(crowd.told, {}, &Told::tag);
  CHECK(crowd.told == std::vector<Told>{{0, kOk, 17}, {1, kOk, 17}});
}

TEST_CASE("a remote without a slot refuses at once, and the refusal takes its way back",
          "[limits]") {
  Crowd crowd({.streams = {.inbound = 1}, .service_time = ms(7)});
  crowd.ask(2, 0);
  crowd.scheduler.run_for(ms(1));
  crowd.ask(3, 1);
  crowd.scheduler.run_for(ms(7));
  crowd.ask(4, 2);  // arrives at 13 ms, the first left at 12
  crowd.scheduler.run_all();
  CHECK(crowd.told == std::vector<Told>{{1, kBusy, 11}, {0, kOk, 17}, {2, kOk, 25}});
  CHECK(crowd.network->gates()->counts().inbound.refused == 1);
  CHECK(crowd.network->gates()->counts().inbound.entered == 2);
  const InteractionOutcome& refused = crowd.observed.records.front();
  CHECK(refused.busy);
  CHECK_FALSE(refused.answered());
}

TEST_CASE("with backpressure requests stand in line at the remote", "[limits]") {
  Crowd crowd({.streams = {.inbound = 1}, .on_limit = on_limit::Wait{}, .service_time = ms(7)});
  for (std::uint32_t i = 0; i < 3; ++i) crowd.ask(2 + i, i);
  crowd.scheduler.run_all();
  REQUIRE(crowd.told.size() == 3);
  CHECK(crowd.told[0].at_ms == 17);
  CHECK(crowd.told[1].at_ms == 24);
  CHECK(crowd.told[2].at_ms == 31);
  CHECK(std::ranges::all_of(crowd.told, [](const Told& t) { return t.status == kOk; }));
  CHECK(crowd.observed.records[2].remote_wait == ms(14));
  CHECK(crowd.network->gates()->counts().inbound.waited == 2);
  CHECK(crowd.network->gates()->inbound_slots()->out({1}) == 0);
}

TEST_CASE("a line is left when its longest wait is over", "[limits]") {
  Crowd crowd(
      {.streams = {.inbound = 1}, .on_limit = on_limit::WaitFor{ms(10)}, .service_time = ms(7)});
  for (std::uint32_t i = 0; i < 3; ++i) crowd.ask(2 + i, i);
  crowd.scheduler.run_all();
  std::vector<ReplyStatus> statuses;
  for (const Told& told : crowd.told) statuses.push_back(told.status);
  CHECK(statuses == std::vector<ReplyStatus>{kOk, kBusy, kOk});
  CHECK(crowd.told[1].at_ms == 20);  // arrived at 5, gave up at 15
  CHECK(crowd.told[2].at_ms == 24);
}

TEST_CASE("a request that waits at the remote past its deadline fails at the deadline",
          "[limits]") {
  Crowd crowd({.streams = {.inbound = 1}, .on_limit = on_limit::Wait{}, .service_time = ms(50)});
  crowd.ask(2, 0, ms(100));
  crowd.scheduler.run_for(ms(1));
  crowd.ask(3, 1, ms(29));
  crowd.scheduler.run_all();
  CHECK(crowd.told == std::vector<Told>{{1, kNoAnswer, 30}, {0, kOk, 60}});
  CHECK(crowd.observed.records.size() == 2);
  CHECK(crowd.network->connection().in_flight() == 0);
  CHECK(crowd.network->gates()->inbound_slots()->out({1}) == 0);
}

TEST_CASE("a sender without a slot fails at once, or waits for one of its own", "[limits]") {
  const bool wait = GENERATE(false, true);
  Crowd crowd({.streams = {.outbound = 2},
               .on_limit = wait ? OnLimit(on_limit::Wait{}) : OnLimit(on_limit::Fail{})});
  for (std::uint64_t i = 0; i < 3; ++i) crowd.ask(2, i);
  CHECK(crowd.told.empty());  // not during the call
  crowd.ask(3, 3);            // another node's slots are its own
  crowd.scheduler.run_all();
  std::ranges::sort(crowd.told, {}, &Told::tag);
  CHECK(crowd.told ==
        std::vector<Told>{
            {0, kOk, 10}, {1, kOk, 10}, {2, wait ? kOk : kNoSlot, wait ? 20 : 0}, {3, kOk, 10}});
  CHECK(crowd.network->gates()->outbound_slots()->out({2}) == 0);
}

TEST_CASE("the time that a request waits for a slot of its sender counts towards its deadline",
          "[limits]") {
  // Whatever the longest wait is.
  const OnLimit on_limit = GENERATE(as<OnLimit>{}, on_limit::Wait{}, on_limit::WaitFor{ms(500)});
  CAPTURE(on_limit.index());
  Crowd crowd({.streams = {.outbound = 1}, .on_limit = on_limit});
  crowd.ask(2, 0);
  crowd.ask(2, 1, ms(10));  // its slot comes at 10: too late
  crowd.ask(2, 2, ms(19));  // its answer would come at 20
  crowd.scheduler.run_all();
  std::ranges::sort(crowd.told, {}, &Told::tag);
  CHECK(crowd.told == std::vector<Told>{{0, kOk, 10}, {1, kNoSlot, 10}, {2, kNoAnswer, 19}});
}

TEST_CASE("a request that its sender no longer waits for is not sent", "[limits]") {
  Crowd crowd({.streams = {.outbound = 1}, .on_limit = on_limit::Wait{}}, false);
  crowd.ask(2, 0);
  crowd.ask(2, 1);
  crowd.scheduler.run_all();
  CHECK(crowd.observed.records.size() == 1);
  CHECK(crowd.network->gates()->outbound_slots()->out({2}) == 0);
}

TEST_CASE("a negotiation is a round trip before the request, and so many at a time", "[limits]") {
  Crowd crowd({.negotiations = 1, .on_limit = on_limit::Wait{}, .service_time = ms(3)});
  crowd.ask(2, 0);
  crowd.scheduler.run_for(ms(1));
  crowd.ask(2, 1);  // its sender negotiates from 10 on; the remote is free again at 15
  crowd.ask(3, 2);  // arrives at 6, in line at the remote until 15
  crowd.scheduler.run_all();
  std::ranges::sort(crowd.told, {}, &Told::tag);
  // The request follows its negotiation by a round trip. The second arrives at 15, when the third
  // has just got in: it may go in at 25.
  CHECK(crowd.told == std::vector<Told>{{0, kOk, 23}, {1, kOk, 43}, {2, kOk, 33}});
  std::size_t negotiations = 0;
  for (const InteractionOutcome& record : crowd.observed.records) {
    negotiations += record.interaction.kind == InteractionKind::kNegotiation ? 1 : 0;
  }
  CHECK(negotiations == 3);
}

TEST_CASE("errors of a link without dials befall the negotiation, once", "[limits]") {
  NetworkSetup setup = plain_setup(1, 8);
  setup.client.dial = DialPolicy::kNever;
  setup.client.resources = {.negotiations = 5};
  setup.network.link.fast_errors.rate = Probability(1, 2);
  setup.network.nodes = 100;
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  Interactions observed;
  Endings endings;
  network->connection().add_observer(observed);
  for (std::uint32_t i = 0; i < 20; ++i) {
    network->client({i}).lookup_for_hash(Hash::of_name(std::to_string(i)), i, endings, i);
  }
  scheduler.run_all();
  std::size_t failed = 0;
  for (const InteractionOutcome& record : observed.records) {
    const bool negotiation = record.interaction.kind == InteractionKind::kNegotiation;
    if (record.error != LinkError::kNone) CHECK(negotiation);
    failed += record.error != LinkError::kNone ? 1 : 0;
  }
  CHECK(failed > 50);
  CHECK(endings.ended.size() == 20);
}

TEST_CASE("a contact that gets no slot counts as failed, and keeps its place in tables",
          "[limits]") {
  NetworkSetup setup = plain_setup(3, 8);
  setup.client.dial = DialPolicy::kNever;
  setup.client.table_updates = TableUpdates::kLearn;
  setup.client.lookup.alpha = 4;
  setup.client.resources = {.streams = {.outbound = 1}};
  setup.network.nodes = 60;
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  Endings endings;
  const std::size_t known = network->table({5}).size();
  network->client({5}).lookup_for_hash(Hash::of_name("x"), 1, endings);
  scheduler.run_all();
  const OperationOutcome& outcome = endings.ended.at(0).outcome;
  CHECK(outcome.failed > 0);
  CHECK(outcome.rpcs == outcome.succeeded);
  CHECK(outcome.attempts == outcome.succeeded + outcome.failed);
  CHECK(network->table({5}).size() >= known);
}

TEST_CASE("a client without a slot to ask with stores nothing at contacts it has not asked",
          "[limits]") {
  // Of the seven that a get of py-libp2p turns to at once, one finds a slot.
  NetworkSetup setup = plain_setup(1, 20);
  setup.client.lookup.alpha = 7;
  setup.client.values.style = ValueStyle::kPyLibp2p;
  setup.client.resources = {.streams = {.outbound = 1}};
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_hashes(random_hashes(1, 8), setup, scheduler);
  std::vector<PeerRef> nearest;
  network->table({2}).closest(Hash(), 1, nearest);
  REQUIRE(network->client(nearest[0]).store_segment({Hash(), 100, 3}));
  Endings endings;
  network->client({2}).get_value(Hash(), 1, endings);
  scheduler.run_all();
  const OperationOutcome& outcome = endings.ended.at(0).outcome;
  CHECK(outcome.status == OperationStatus::kFound);
  CHECK(outcome.attempts == 7);
  CHECK(outcome.failed == 6);
  CHECK(outcome.stores + outcome.stores_failed == 0);
}

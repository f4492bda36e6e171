// Clients under a resource manager: which owner has what, what gives way, and what the asker hears.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
SimTime at(Duration since_start) { return SimTime::at(since_start); }

// Eight nodes, 10 ms apart, asked by hand through the limits of their sender.
class Managed final : public ReplyHandler {
 public:
  static constexpr std::uint64_t kGivenUp = 99;
  explicit Managed(const ClientResources& resources,
                   TableUpdates table_updates = TableUpdates::kNone, unsigned k = 20) {
    NetworkSetup setup = plain_setup(1, k);
    setup.client.resources = resources;
    setup.client.table_updates = table_updates;
    network = DhtNetwork::init_with_hashes(random_hashes(1, 8), setup, scheduler);
    network->connection().add_observer(observed);
  }
  bool awaits(std::uint64_t tag) const override { return tag != kGivenUp; }
  void on_reply(std::uint64_t tag, const Interaction&, const Reply& reply) override {
    told.push_back({tag, reply.status, (scheduler.now() - SimTime()).ns() / 1'000'000});
  }
  Interaction interaction(std::uint32_t from, std::uint32_t to, std::uint64_t operation) const {
    return {.kind = InteractionKind::kGetClosestNodes,
            .dialled = true,
            .from = {from},
            .to = {to},
            .operation = operation,
            .deadline = scheduler.now() + Duration::seconds(10)};
  }
  void ask(std::uint32_t from, std::uint32_t to, std::uint64_t operation) {
    limits().get_closest_nodes_to(interaction(from, to, operation), Hash(), *this, operation);
  }
  Interaction dial_of(std::uint32_t from, std::uint32_t to, std::uint64_t operation) const {
    Interaction dial = interaction(from, to, operation);
    dial.kind = InteractionKind::kDial;
    dial.dialled = false;
    return dial;
  }
  void dial(std::uint32_t from, std::uint32_t to, std::uint64_t operation) {
    limits().dial(dial_of(from, to, operation), *this, operation);
  }
  void end(std::uint32_t from, std::uint64_t operation) {
    limits().operation_over({from}, operation);
  }
  Connection& limits() { return network->gates()->connection(); }
  DialledConnections& contacts() { return *network->gates()->contacts(); }
  NodeResources& manager(std::uint32_t node) { return network->gates()->managers()->of({node}); }
  Units held(std::uint32_t node, ResourceClass resource_class) {
    return manager(node).manager().used(manager(node).manager().root(), resource_class);
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
  struct Deaf final : GateListener {
    void on_gate(std::uint64_t, GateNews) override {}
  } listener;
};

using Told = Managed::Told;
constexpr auto kOk = ReplyStatus::kOk;
constexpr auto kBusy = ReplyStatus::kBusy;
constexpr auto kNoSlot = ReplyStatus::kNoSlot;
constexpr auto kRevoked = ReplyStatus::kRevoked;

ClientResources managed(const ManagerOptions& manager, const OnLimit& on_limit,
                        Duration service_time = {}) {
  return {.manager = manager, .on_limit = on_limit, .service_time = service_time};
}

}  // namespace

TEST_CASE("each operation has a limit of its own, within the node's", "[limits]") {
  Managed nodes(managed({.limits = {.streams = 3}, .operation = {.streams = 2}}, on_limit::Fail{}));
  nodes.ask(2, 1, 0);
  nodes.ask(2, 3, 0);
  nodes.ask(2, 4, 0);  // the operation's third
  nodes.ask(2, 5, 1);
  nodes.ask(2, 6, 2);  // the node's fourth
  nodes.scheduler.run_all();
  std::vector<std::uint64_t> refused;
  for (const Told& told : nodes.told) {
    if (told.status == kNoSlot) refused.push_back(told.tag);
  }
  CHECK(refused == std::vector<std::uint64_t>{0, 2});
  CHECK(nodes.held(2, kStreams) == 0);
}

TEST_CASE("a stream waits by its deadline until its operation has room", "[limits]") {
  Managed nodes(managed({.operation = {.streams = 1}}, on_limit::WaitFor{ms(12)}));
  for (std::uint32_t to : {1U, 3U, 4U}) nodes.ask(2, to, 0);
  nodes.scheduler.run_all();
  CHECK(nodes.told == std::vector<Told>{{0, kOk, 10}, {0, kNoSlot, 12}, {0, kOk, 20}});
  CHECK(nodes.network->gates()->counts().outbound.waited == 2);
  CHECK(nodes.network->gates()->counts().outbound.refused == 1);
}

TEST_CASE("an incoming stream stands under the temporary owner until the service has room",
          "[limits]") {
  Managed nodes(managed({.incoming = 1, .service = 1}, on_limit::Wait{}, ms(7)));
  for (std::uint32_t from : {2U, 3U, 4U}) nodes.ask(from, 1, from);
  nodes.scheduler.run_until(at(ms(6)));
  ResourceManager& manager = nodes.manager(1).manager();
  CHECK(manager.used(manager.temporary_owner(), kStreams) == 1);
  CHECK(manager.used(nodes.manager(1).service(), kStreams) == 1);
  nodes.scheduler.run_all();
  std::ranges::sort(nodes.told, {}, &Told::at_ms);
  REQUIRE(nodes.told.size() == 3);
  CHECK(nodes.told[0].status == kBusy);  // no room under the temporary owner either
  CHECK(nodes.told[0].at_ms == 10);
  CHECK(nodes.told[1].status == kOk);
  CHECK(nodes.told[1].at_ms == 17);
  CHECK(nodes.told[2].status == kOk);
  CHECK(nodes.told[2].at_ms == 24);
  CHECK(nodes.held(1, kStreams) == 0);
}

TEST_CASE("a more important stream pushes out a less important one, whose asker hears of it",
          "[limits]") {
  Managed nodes(managed({.limits = {.streams = 1}, .service_priority = EdgePriority::of(32768)},
                        on_limit::Revoke{}, ms(50)));
  nodes.ask(2, 1, 0);
  nodes.scheduler.run_until(at(ms(20)));  // node 1 works on it
  nodes.ask(1, 3, 1);
  nodes.scheduler.run_all();
  // The refusal takes its way back from 20 on; node 1's own request is answered after its service.
  CHECK(nodes.told == std::vector<Told>{{0, kBusy, 25}, {1, kOk, 80}});
  CHECK(nodes.network->gates()->counts().inbound.revoked == 1);
  CHECK(nodes.held(1, kStreams) == 0);
  CHECK(nodes.network->connection().in_flight() == 0);
}

TEST_CASE("a stream of equal importance never gives way", "[limits]") {
  Managed nodes(managed({.limits = {.streams = 1}}, on_limit::Revoke{}, ms(50)));
  nodes.ask(2, 1, 0);
  nodes.scheduler.run_until(at(ms(20)));
  nodes.ask(1, 3, 1);
  nodes.scheduler.run_all();
  CHECK(nodes.told == std::vector<Told>{{1, kNoSlot, 20}, {0, kOk, 60}});
}

TEST_CASE("a request under way loses its stream to a more important one", "[limits]") {
  Managed nodes(managed({.limits = {.streams = 1}, .operation_priority = EdgePriority::of(1)},
                        on_limit::Revoke{}));
  nodes.ask(1, 3, 0);
  nodes.scheduler.run_until(at(ms(1)));
  nodes.ask(2, 1, 1);  // comes in at 6
  nodes.scheduler.run_all();
  CHECK(nodes.told == std::vector<Told>{{0, kRevoked, 6}, {1, kOk, 11}});
  CHECK(nodes.network->gates()->counts().outbound.revoked == 1);
  CHECK(nodes.held(1, kStreams) == 0);
}

TEST_CASE("a connection that another operation has opened needs no dial", "[limits]") {
  Managed nodes(managed({}, on_limit::Fail{}));
  nodes.dial(2, 1, 0);
  nodes.scheduler.run_all();
  nodes.dial(2, 1, 1);
  nodes.scheduler.run_all();
  CHECK(nodes.told == std::vector<Told>{{0, kOk, 10}, {1, kOk, 10}});
  CHECK(nodes.observed.records.size() == 1);
  CHECK(nodes.contacts().counts().reused == 1);
  CHECK(nodes.held(2, kConnections) == 1);
}

TEST_CASE("k-buckets keep the connections to their contacts, those without an owner are collected",
          "[limits]") {
  Managed nodes(managed({.collect_after = ms(100)}, on_limit::Fail{}));
  nodes.network->table({2}).remove({4});  // then 4 belongs to no bucket
  nodes.dial(2, 1, 0);
  nodes.dial(2, 4, 0);
  nodes.scheduler.run_all();
  nodes.end(2, 0);
  CHECK(nodes.contacts().connections({2}) == 2);
  nodes.scheduler.run_until(at(ms(109)));
  nodes.dial(2, 4, 1);  // not collected yet, and used again
  nodes.scheduler.run_until(at(ms(150)));
  nodes.end(2, 1);
  nodes.scheduler.run_until(at(ms(250)));
  nodes.dial(2, 1, 2);
  nodes.dial(2, 4, 2);
  nodes.scheduler.run_all();
  CHECK(nodes.contacts().counts().collected == 1);
  CHECK(nodes.contacts().counts().reused == 2);
  CHECK(nodes.observed.records.size() == 3);  // 4 was dialled twice
}

TEST_CASE("a connection is collected in its tick, even if its node does nothing any more",
          "[limits]") {
  const std::int64_t late_ns = GENERATE(-1, 0, 1);
  Managed nodes(managed({.collect_after = ms(100)}, on_limit::Fail{}));
  for (const std::uint32_t other : {4U, 5U}) nodes.network->table({2}).remove({other});
  nodes.dial(2, 1, 0);  // its bucket keeps it
  nodes.dial(2, 4, 0);
  nodes.scheduler.run_until(at(ms(50)));
  nodes.dial(2, 5, 1);  // at 60
  nodes.scheduler.run_until(at(ms(110) + Duration::nanoseconds(late_ns)));
  CHECK(nodes.contacts().counts().collected == (late_ns < 0 ? 0U : 1U));
  nodes.scheduler.run_until(at(ms(160) + Duration::nanoseconds(late_ns)));
  CHECK(nodes.contacts().counts().collected == (late_ns < 0 ? 1U : 2U));
  nodes.ask(2, 5, 2);  // no connection, or one that the operation uses from now on
  nodes.scheduler.run_until(at(ms(165)));
  CHECK(nodes.held(2, kConnections) == (late_ns < 0 ? 2 : 1));
  CHECK(nodes.contacts().counts().collected == (late_ns < 0 ? 1U : 2U));
}

TEST_CASE("no bucket takes a connection that was to be collected before", "[limits]") {
  const bool due = GENERATE(false, true);
  Managed nodes(
      managed({.collect_after = ms(due ? 100 : 300), .review_every = ms(200)}, on_limit::Fail{}),
      TableUpdates::kLearn);
  RoutingTable table = nodes.network->table({2});
  table.remove({4});
  nodes.dial(2, 4, 0);
  nodes.scheduler.run_until(at(ms(50)));
  nodes.end(2, 0);
  nodes.dial(2, 1, 1);
  nodes.scheduler.run_until(at(ms(250)));
  nodes.end(2, 1);  // time for a review; the connection to 4 was due at 110
  CHECK(table.contains({4}) == !due);
  CHECK(nodes.contacts().counts().collected == (due ? 1U : 0U));
  CHECK(nodes.held(2, kConnections) == (due ? 1 : 2));
}

TEST_CASE("without room the connection that was idle for longest is closed first", "[limits]") {
  Managed nodes(managed({.limits = {.connections = 2}}, on_limit::Fail{}));
  for (std::uint32_t other = 0; other < 8; ++other) nodes.network->table({2}).remove({other});
  for (const std::uint32_t to : {1U, 3U}) {
    nodes.dial(2, to, to);
    nodes.scheduler.run_all();
    nodes.end(2, to);
    nodes.scheduler.run_for(ms(1));
  }
  nodes.dial(2, 1, 10);  // 1 is in use again
  nodes.dial(2, 4, 11);  // 3 goes
  nodes.dial(2, 5, 12);  // no connection is idle
  nodes.scheduler.run_all();
  CHECK(nodes.contacts().counts().collected == 1);
  CHECK(std::ranges::count(nodes.told, kNoSlot, &Told::status) == 1);
  CHECK(nodes.held(2, kConnections) == 2);
  nodes.dial(2, 3, 13);  // it was closed; now 1 goes
  nodes.scheduler.run_all();
  CHECK(nodes.told.back().status == kOk);
  CHECK(nodes.observed.records.size() == 4);
  CHECK(nodes.contacts().counts().collected == 2);
}

TEST_CASE("a dial that ends late is not taken for a newer one", "[limits]") {
  Managed nodes(managed({.limits = {.connections = 1}}, on_limit::Fail{}));
  for (std::uint32_t other = 0; other < 8; ++other) nodes.network->table({2}).remove({other});
  DialledConnections& contacts = nodes.contacts();
  const auto begin = [&](const Interaction& dial) {
    REQUIRE(contacts.connect(dial, nodes.listener, 0) == DialledConnections::Entry::kMayDial);
    contacts.dialling(dial);
    return contacts.connection(dial.from, dial.to);
  };
  const Interaction first = nodes.dial_of(2, 1, 0);
  const ResourceId lost = begin(first);
  const auto lost_use = contacts.use_of(first);
  nodes.end(2, 0);
  const Interaction other = nodes.dial_of(2, 3, 1);  // takes the room
  CHECK_FALSE(contacts.dialled(other, lost, false, ms(1)));
  const ResourceId second = begin(other);
  CHECK(contacts.dialled(other, second, false, ms(1)));
  contacts.release(other, contacts.use_of(other));
  CHECK(contacts.connections({2}) == 0);
  const Interaction anew = nodes.dial_of(2, 1, 2);
  const ResourceId third = begin(anew);
  CHECK_FALSE(contacts.dialled(first, lost, true, ms(9)));
  contacts.release(first, lost_use);
  CHECK_FALSE(contacts.is_open({2}, {1}));
  CHECK(contacts.dialled(anew, third, true, ms(2)));
  contacts.release(anew, contacts.use_of(anew));
  CHECK(contacts.is_open({2}, {1}));
  nodes.end(2, 1);
  nodes.end(2, 2);
  CHECK(contacts.connections({2}) == 1);
  CHECK(nodes.manager(2).operations() == 0);
}

TEST_CASE("a stale release leaves a newer use of the same contact alone", "[limits]") {
  // One operation turns to one contact twice: as a get does, whose repairs come behind its end.
  const bool revoked = GENERATE(false, true);
  Managed nodes(managed({.limits = {.connections = 1}}, on_limit::Fail{}));
  DialledConnections& contacts = nodes.contacts();
  const Interaction dial = nodes.dial_of(2, 1, 0);
  const auto begin = [&] {
    REQUIRE(contacts.connect(dial, nodes.listener, 0) == DialledConnections::Entry::kMayDial);
    contacts.dialling(dial);
    return contacts.use_of(dial);
  };
  CHECK(contacts.use_of(dial) == DialledConnections::UseId{});
  const auto stale = begin();
  if (revoked) {  // the connection ends, and with it the use
    ResourceManager& manager = nodes.manager(2).manager();
    manager.set_limit(manager.root(), kConnections, {.units = 0});
    manager.set_limit(manager.root(), kConnections, {.units = 1});
  } else {  // the operation does
    CHECK(contacts.dialled(dial, contacts.connection({2}, {1}), true, ms(1)));
    nodes.end(2, 0);
  }
  const auto present = revoked ? begin() : contacts.use(dial);
  CHECK(present != stale);
  const ResourceId connection = contacts.connection({2}, {1});
  contacts.release(dial, stale);
  CHECK(contacts.use_of(dial) == present);
  const Interaction other = nodes.dial_of(2, 3, 1);  // finds no room: the connection is in use
  CHECK(contacts.connect(other, nodes.listener, 0) == DialledConnections::Entry::kRefused);
  CHECK(contacts.connection({2}, {1}) == connection);
  if (revoked) CHECK(contacts.dialled(dial, connection, true, ms(1)));
  contacts.release(dial, present);
  CHECK(contacts.connect(other, nodes.listener, 0) == DialledConnections::Entry::kMayDial);
  nodes.end(2, 0);
  nodes.end(2, 1);
  CHECK(nodes.manager(2).operations() == 0);
}

TEST_CASE("a dial that was given up in line ends nothing but itself", "[limits]") {
  Managed nodes(managed({.limits = {.connections = 2}}, on_limit::WaitFor{ms(200)}, ms(100)));
  for (const auto& [to, operation] : {std::pair(4U, 0U), std::pair(1U, 5U)}) {
    nodes.dial(2, to, operation);
    nodes.ask(2, to, operation);  // from 0 to 110
  }
  nodes.limits().dial(nodes.dial_of(2, 3, 0), nodes, Managed::kGivenUp);
  nodes.scheduler.run_until(at(ms(50)));
  nodes.end(2, 5);  // it lets go of 1, which makes room for the dial of 3
  nodes.scheduler.run_until(at(ms(51)));
  nodes.dial(2, 5, 6);
  nodes.ask(2, 5, 6);
  nodes.dial(2, 6, 7);  // in line: operation 0 still uses its connection to 4
  nodes.scheduler.run_until(at(ms(100)));
  CHECK(nodes.contacts().is_open({2}, {4}));
  CHECK(nodes.told == std::vector<Told>{{0, kOk, 10}, {5, kOk, 10}, {6, kOk, 61}});
  nodes.scheduler.run_all();
  const Told in_line{7, kOk, 120};
  CHECK(std::ranges::find(nodes.told, in_line) != nodes.told.end());
  for (const std::uint32_t operation : {0U, 6U, 7U}) nodes.end(2, operation);
  CHECK(nodes.manager(2).operations() == 0);
}

TEST_CASE("an operation holds a connection no longer than it uses it", "[limits]") {
  // Two connections at a time are enough for a lookup that asks two at a time.
  NetworkSetup setup = plain_setup(5, 8);
  setup.client.lookup.alpha = 2;
  setup.network.nodes = 200;
  const auto ended = [&](const ClientResources& resources) {
    setup.client.resources = resources;
    Scheduler scheduler;
    const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
    Endings endings;
    network->client({7}).lookup_for_hash(Hash::of_name("x"), 1, endings);
    scheduler.run_all();
    return endings.ended.at(0).outcome;
  };
  const OperationOutcome free = ended({});
  const OperationOutcome limited = ended(
      managed({.limits = {.connections = 2}, .operation = {.connections = 2}}, on_limit::Fail{}));
  CHECK(limited.status == free.status);
  CHECK(limited.end == free.end);
  CHECK(limited.failed == 0);
}

TEST_CASE("a stream for which the whole node has no room waits before it comes in", "[limits]") {
  Managed nodes(managed({.limits = {.streams = 1}}, on_limit::Wait{}, ms(7)));
  for (const std::uint32_t from : {2U, 3U, 4U}) nodes.ask(from, 1, from);
  nodes.scheduler.run_all();
  std::vector<std::int64_t> times;
  for (const Told& told : nodes.told) {
    CHECK(told.status == kOk);
    times.push_back(told.at_ms);
  }
  CHECK(times == std::vector<std::int64_t>{17, 24, 31});
  CHECK(nodes.network->gates()->counts().inbound.waited == 2);
  CHECK(nodes.held(1, kStreams) == 0);
}

TEST_CASE("the connections that a get opens for its repairs are let go when these are over",
          "[limits]") {
  NetworkSetup setup = plain_setup(1, 20);
  setup.client.resources = managed({}, on_limit::Fail{});
  setup.client.dial = DialPolicy::kEvery;
  setup.client.values.style = ValueStyle::kGoLibp2p;
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_hashes(random_hashes(1, 8), setup, scheduler);
  for (std::uint32_t i = 0; i < 8; ++i) {
    REQUIRE(network->client({i}).store_segment({Hash(), 100, i == 5 ? 2U : 1U}));
  }
  Endings endings;
  network->client({2}).get_value(Hash(), 1, endings);
  scheduler.run_all();
  REQUIRE(endings.ended.size() == 1);
  REQUIRE(endings.aftermaths.size() == 1);
  CHECK(endings.aftermaths[0].outcome.value.repaired == 6);
  for (std::uint32_t i = 0; i < 8; ++i) {
    NodeResources* node = network->gates()->managers()->find({i});
    CHECK((node == nullptr || node->operations() == 0));
  }
}

TEST_CASE("a dial waits by its deadline for room", "[limits]") {
  Managed nodes(managed({.limits = {.connections = 1}}, on_limit::WaitFor{ms(30)}));
  for (std::uint32_t other = 0; other < 8; ++other) nodes.network->table({2}).remove({other});
  nodes.dial(2, 1, 0);
  nodes.dial(2, 3, 1);  // in line until the first connection is not used any more
  nodes.scheduler.run_all();
  CHECK(nodes.told == std::vector<Told>{{0, kOk, 10}, {1, kOk, 20}});
  CHECK(nodes.held(2, kConnections) == 1);
  CHECK(nodes.network->gates()->counts().connections.dials.waited == 1);
}

TEST_CASE("where tables learn, connected contacts take the place of unconnected ones", "[limits]") {
  // Buckets of one; node 2 has dialled a node that its largest bucket could hold but does not.
  Managed nodes(managed({.review_every = ms(1)}, on_limit::Fail{}), TableUpdates::kLearn, 1);
  RoutingTable table = nodes.network->table({2});
  std::uint32_t outside = 8;
  for (std::uint32_t other = 0; other < 8; ++other) {
    if (other != 2 && !table.contains({other}) &&
        table.bucket(table.bucket_index({other})).size() == 1) {
      outside = other;
    }
  }
  REQUIRE(outside < 8);
  const PeerRef inside = table.bucket(table.bucket_index({outside})).front();
  nodes.dial(2, outside, 0);
  nodes.scheduler.run_all();
  nodes.end(2, 0);
  CHECK(table.contains({outside}));
  CHECK_FALSE(table.contains(inside));
  CHECK(nodes.contacts().counts().replaced == 1);
}

TEST_CASE("only a manager revokes, and it takes the place of plain limits", "[limits]") {
  CHECK(ClientResources{}.any() == false);
  CHECK(managed({}, on_limit::Fail{}).any());
}

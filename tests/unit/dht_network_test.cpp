// Clients on a network: operations from beginning to end, and nodes that join.

#include "core/base/input_error.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

using namespace kadsim;

namespace {

struct World {
  explicit World(NetworkSetup setup, std::uint64_t nodes = 200) {
    setup.network.nodes = nodes;
    network = DhtNetwork::init_with_random_peers(setup, scheduler);
  }
  DhtClient client(std::uint32_t peer) { return network->client({peer}); }
  const Endings::Ending& last() {
    scheduler.run_all();
    REQUIRE_FALSE(endings.ended.empty());
    return endings.ended.back();
  }

  Scheduler scheduler;
  Endings endings;
  std::unique_ptr<DhtNetwork> network;
};

const Segment kSegment{Hash::of_name("a segment"), 1000};

// One at a time: nothing is under way when a lookup ends, and all counts meet.
NetworkSetup one_at_a_time(std::uint64_t seed, unsigned k) {
  NetworkSetup setup = plain_setup(seed, k);
  setup.client.lookup.alpha = 1;
  return setup;
}

}  // namespace

TEST_CASE("making a network tells how far it is", "[dht_network]") {
  SetupProgress progress;
  CHECK(progress.percent() == 0);
  NetworkSetup setup;
  setup.progress = &progress;
  Scheduler scheduler;
  for (const TableStorage storage : {TableStorage::kPrecomputed, TableStorage::kDerived}) {
    setup.network.storage = storage;
    progress.enter(SetupPhase::kNaming, 10);
    progress.advance(3);
    CHECK(progress.percent() == 30);
    DhtNetwork::init_with_random_peers(setup, scheduler);
    CHECK(progress.phase() ==
          (storage == TableStorage::kDerived ? SetupPhase::kSorting : SetupPhase::kTables));
    CHECK(progress.percent() == 100);
  }
  setup.network.storage = TableStorage::kAuto;
  CHECK_THROWS_AS(DhtNetwork::init_with_random_peers(setup, scheduler), AssertionError);
}

TEST_CASE("a lookup ends complete with the closest nodes", "[client]") {
  World world(one_at_a_time(1, 20));
  world.client(3).lookup_for_hash(kSegment.key, 1, world.endings, 77);
  CHECK(world.endings.ended.empty());
  const auto& [tag, outcome, contacts] = world.last();
  CHECK(tag == 77);
  CHECK(outcome.status == OperationStatus::kComplete);
  CHECK(outcome.attempts == outcome.succeeded + outcome.failed);
  CHECK(outcome.rpcs == outcome.attempts);
  std::vector<PeerRef> found;
  for (const ResultContact& contact : contacts) found.push_back(contact.peer);
  CHECK(found == sorted_by_distance(world.network->population(), kSegment.key, {3}, 20));
}

TEST_CASE("what is provided is stored at the closest nodes, and retrieved from them", "[client]") {
  World world(one_at_a_time(2, 8));
  world.client(3).provide_block_segment(kSegment, 1, world.endings);
  const OperationOutcome provided = world.last().outcome;
  CHECK(provided.status == OperationStatus::kStored);
  CHECK(provided.stores == 8);
  CHECK(provided.stores_failed == 0);
  CHECK(provided.rpcs == provided.attempts + 8);
  unsigned holders = 0;
  for (std::uint32_t peer = 0; peer < 200; ++peer) {
    if (world.client(peer).stored_record(kSegment.key) == kSegment.record()) ++holders;
  }
  CHECK(holders == 8);
  world.client(100).retrieve_segment(kSegment.key, 2, world.endings);
  CHECK(world.last().outcome.status == OperationStatus::kFound);
  world.client(100).retrieve_segment(Hash::of_name("another"), 3, world.endings);
  CHECK(world.last().outcome.status == OperationStatus::kNotFound);
}

TEST_CASE("a node that holds the segment has found it without asking a contact", "[client]") {
  World world(plain_setup(3, 8));
  CHECK(world.client(5).store_segment(kSegment));
  world.client(5).retrieve_segment(kSegment.key, 1, world.endings);
  CHECK(world.endings.ended.empty());  // not during the call
  const OperationOutcome outcome = world.last().outcome;
  CHECK(outcome.status == OperationStatus::kFound);
  CHECK(outcome.attempts == 0);
  CHECK(outcome.end == outcome.start);
}

TEST_CASE("a provide of which every store is refused has failed", "[client]") {
  NetworkSetup setup = plain_setup(4, 8);
  setup.client.records.max_value_bytes = 10;
  World world(setup);
  world.client(5).provide_block_segment(kSegment, 1, world.endings);
  const OperationOutcome outcome = world.last().outcome;
  CHECK(outcome.status == OperationStatus::kFailed);
  CHECK(outcome.stores == 0);
  CHECK(outcome.stores_failed == 8);
}

TEST_CASE("an operation ends at its time limit with what it has", "[client]") {
  NetworkSetup setup = plain_setup(5, 8);
  setup.client.operation_timeout = Duration::milliseconds(25);
  World world(setup);
  world.client(5).lookup_for_hash(kSegment.key, 1, world.endings);
  const auto& [tag, outcome, contacts] = world.last();
  CHECK(outcome.status == OperationStatus::kTimeout);
  CHECK(outcome.end - outcome.start == Duration::milliseconds(25));
  CHECK_FALSE(contacts.empty());
}

TEST_CASE("the end of the run cuts off operations that are running", "[client]") {
  World world(plain_setup(6, 8));
  world.client(5).lookup_for_hash(kSegment.key, 1, world.endings);
  world.scheduler.run_until(SimTime::at(Duration::milliseconds(15)));
  CHECK(world.network->host().running() == 1);
  world.network->host().cut_off();
  CHECK(world.last().outcome.status == OperationStatus::kUnfinished);
  CHECK(world.network->host().running() == 0);
  CHECK(world.endings.ended.size() == 1);
}

TEST_CASE("dials go before the first request to a contact, before each, or never", "[client]") {
  for (const DialPolicy policy : {DialPolicy::kFirst, DialPolicy::kEvery, DialPolicy::kNever}) {
    NetworkSetup setup = one_at_a_time(7, 8);
    setup.client.dial = policy;
    World world(setup);
    Interactions interactions;
    world.network->connection().add_observer(interactions);
    world.client(5).provide_block_segment(kSegment, 1, world.endings);
    const OperationOutcome outcome = world.last().outcome;
    const auto dials = static_cast<std::uint32_t>(
        std::count_if(interactions.records.begin(), interactions.records.end(),
                      [](const InteractionOutcome& record) {
                        return record.interaction.kind == InteractionKind::kDial;
                      }));
    // All eight of the result have answered, so `first` has dialled them already.
    const std::uint32_t expected = policy == DialPolicy::kNever   ? 0
                                   : policy == DialPolicy::kFirst ? outcome.attempts
                                                                  : outcome.attempts + 8;
    CHECK(dials == expected);
  }
}

TEST_CASE("a node that joins looks itself up and fills its table from what it hears", "[network]") {
  World world(plain_setup(8, 8));
  const std::vector<PeerRef> known = {{17}};
  const PeerRef joined = world.network->add_new_node(known, 1, world.endings);
  CHECK(world.network->table(joined).size() == 1);
  CHECK(world.last().outcome.status == OperationStatus::kComplete);
  const RoutingTable table = world.network->table(joined);
  CHECK(table.size() > 20);
  std::vector<PeerRef> closest;
  table.closest(table.self(), 5, closest);
  CHECK(closest == sorted_by_distance(world.network->population(), table.self(), joined, 5));
  // From now on it is part of the true answer.
  std::vector<PeerRef> truth;
  world.network->closest_nodes().find(table.self(), 1, kNoPeer, truth);
  CHECK(truth == std::vector<PeerRef>{joined});
}

TEST_CASE("a node that joins with the whole network at hand knows the closest of each subtree",
          "[network]") {
  World world(plain_setup(9, 8));
  const PeerRef joined = world.network->add_new_node();
  CHECK(world.network->population().size() == 201);
  CHECK(world.network->population().hash(joined) == named_hash("node", 9, 0, 200));
  std::vector<PeerRef> closest;
  world.network->table(joined).closest(world.network->population().hash(joined), 8, closest);
  CHECK(closest == sorted_by_distance(world.network->population(),
                                      world.network->population().hash(joined), joined, 8));
  world.client(0).new_discovered_node(joined);
  world.client(joined.value).lookup_for_hash(kSegment.key, 1, world.endings);
  CHECK(world.last().outcome.status == OperationStatus::kComplete);
}

TEST_CASE("a node cannot join under a name that was chosen as an identity", "[network]") {
  NetworkSetup setup = plain_setup(12, 8);
  // The second of 20 nodes has the name of the second node that joins.
  const Hash chosen = named_hash("node", 12, 0, 21);
  setup.network.identities.hashes = {Hash::of_name("first"), chosen};
  World world(setup, 20);
  world.network->add_new_node();
  const std::vector<PeerRef> known = {{17}};
  const auto refusal = Catch::Matchers::Message(
      "identities: " + chosen.hex() +
      " is chosen for birth 1, and is the generated hash of birth 21, which joins (want another "
      "hash)");
  CHECK_THROWS_MATCHES(world.network->add_new_node(), InputError, refusal);
  CHECK_THROWS_MATCHES(world.network->add_new_node(known, 1, world.endings), InputError, refusal);
  CHECK(world.network->population().size() == 21);
  CHECK(world.network->host().running() == 0);

  // So it is in a network whose hashes are all given.
  const auto by_hand =
      DhtNetwork::init_with_hashes({chosen, named_hash("node", 12, 0, 2)}, setup, world.scheduler);
  CHECK_THROWS_AS(by_hand->add_new_node(), InputError);
}

TEST_CASE("connecting to a node says at once what a dial would come to", "[network]") {
  NetworkSetup setup = plain_setup(10, 8);
  setup.network.unreachable = Probability(1, 2);
  setup.client.rpc_timeout = Duration::seconds(3);
  World world(setup);
  unsigned connected = 0;
  for (std::uint32_t peer = 1; peer < 200; ++peer) {
    const DhtNetwork::Dialled dialled = world.network->connect_to_node({0}, {peer});
    CHECK(dialled.connected() == world.network->population().reachable({peer}));
    CHECK(dialled.delay ==
          (dialled.connected() ? Duration::milliseconds(10) : Duration::seconds(3)));
    connected += dialled.connected() ? 1U : 0U;
  }
  CHECK(connected > 70);
  CHECK(connected < 130);
  CHECK(world.scheduler.pending() == 0);
}

TEST_CASE("the summary counts nodes, contacts and interactions", "[network]") {
  World world(one_at_a_time(11, 8));
  CHECK(world.network->summary().attempts == 0);
  world.client(5).lookup_for_hash(kSegment.key, 1, world.endings);
  const OperationOutcome outcome = world.last().outcome;
  const NetworkSummary summary = world.network->summary();
  CHECK(summary.total_nodes == 200);
  CHECK(summary.reachable_nodes == 200);
  CHECK(summary.attempts == outcome.attempts + outcome.rpcs);  // a dial and a request each
  CHECK(summary.successful == summary.attempts);
  CHECK(summary.failures == 0);
  std::uint64_t contacts = 0;
  for (std::uint32_t peer = 0; peer < 200; ++peer) contacts += world.network->table({peer}).size();
  CHECK(summary.contacts == contacts);
}

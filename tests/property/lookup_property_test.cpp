// Properties of lookups on random networks: what holds of networks and of hops. What each strategy
// promises stands in strategy_property_test.cpp.

#include "tests/catch.hpp"
#include "tests/support/played_lookups.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>

#include <map>
#include <set>

using namespace kadsim;

namespace {

Hash shifted(const Hash& hash, const Hash& by) { return hash.xor_to(by); }

}  // namespace

TEST_CASE("XOR-shifting all identifiers and targets leaves every lookup path unchanged",
          "[lookup]") {
  const std::string strategy = every_strategy();
  const Hash by = Hash::of_name("a constant");
  const std::vector<Hash> hashes = random_hashes(7, 300);
  const std::vector<Hash> targets = random_hashes(8, 40);
  std::vector<std::vector<std::uint32_t>> paths;
  for (const bool shift : {false, true}) {
    NetworkSetup setup = plain_setup(7, 8);
    setup.client.lookup.strategy = strategy;
    setup.network.fill = Fill::kClosest;
    setup.network.link.delay =
        delay::Uniform{Duration::milliseconds(10), Duration::milliseconds(90)};
    setup.network.link.fast_errors.rate = Probability(1, 10);
    std::vector<Hash> ids = hashes;
    std::vector<Hash> keys = targets;
    if (shift) {
      for (Hash& hash : ids) hash = shifted(hash, by);
      for (Hash& hash : keys) hash = shifted(hash, by);
    }
    Scheduler scheduler;
    const auto network = DhtNetwork::init_with_hashes(ids, setup, scheduler);
    std::map<std::uint64_t, std::vector<std::pair<std::uint32_t, std::uint32_t>>> by_operation;
    for (const InteractionOutcome& record : play(*network, scheduler, keys).interactions) {
      by_operation[record.interaction.operation].emplace_back(
          record.interaction.contact_index, network->population().birth(record.interaction.to));
    }
    std::vector<std::uint32_t> path;
    for (auto& [operation, asked] : by_operation) {
      std::sort(asked.begin(), asked.end());
      for (const auto& [attempt, birth] : asked) path.push_back(birth);
    }
    paths.push_back(path);
  }
  REQUIRE(paths[0].size() > 100);
  REQUIRE(paths[0] == paths[1]);
}

TEST_CASE("hops are never below the shortest path in the overlay", "[lookup]") {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
  NetworkSetup setup = plain_setup(10, 5);
  setup.network.nodes = 500;
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  Graph overlay(500);
  for (std::uint32_t owner = 0; owner < 500; ++owner) {
    for (unsigned i = 0; i < network->table({owner}).depth(); ++i) {
      for (const PeerRef contact : network->table({owner}).bucket(i))
        boost::add_edge(owner, contact.value, overlay);
    }
  }
  for (const auto& [tag, outcome, contacts] :
       play(*network, scheduler, random_hashes(10, 200)).endings) {
    std::vector<int> distance(500, 0);
    boost::breadth_first_search(overlay, outcome.request.origin.value,
                                boost::visitor(boost::make_bfs_visitor(boost::record_distances(
                                    distance.data(), boost::on_tree_edge()))));
    for (const ResultContact& contact : contacts)
      REQUIRE(contact.hop >= distance[contact.peer.value]);
  }
}

TEST_CASE("several networks on one scheduler behave as each alone", "[network]") {
  const auto setup_of = [](std::uint32_t id) {
    NetworkSetup setup = plain_setup(20 + id, 8);
    setup.network.id = id;
    setup.network.nodes = 300;
    setup.network.link.delay =
        delay::Uniform{Duration::milliseconds(10), Duration::milliseconds(90)};
    return setup;
  };
  const std::vector<Hash> targets = random_hashes(20, 30);
  const auto start_all = [&](DhtNetwork& network, Endings& endings) {
    for (std::uint64_t i = 0; i < targets.size(); ++i) {
      network.client({static_cast<std::uint32_t>(i)}).lookup_for_hash(targets[i], i, endings, i);
    }
  };
  const auto told = [](const Endings& endings) {
    std::vector<std::tuple<std::uint64_t, std::int64_t, std::uint32_t>> all;
    for (const auto& [tag, outcome, contacts] : endings.ended)
      all.emplace_back(tag, outcome.end.ns(), outcome.attempts);
    std::sort(all.begin(), all.end());
    return all;
  };
  Scheduler shared;
  const auto first = DhtNetwork::init_with_random_peers(setup_of(1), shared);
  const auto second = DhtNetwork::init_with_random_peers(setup_of(2), shared);
  Endings in_first;
  Endings in_second;
  start_all(*first, in_first);
  start_all(*second, in_second);
  shared.run_all();
  for (const std::uint32_t id : {1U, 2U}) {
    Scheduler own;
    const auto alone = DhtNetwork::init_with_random_peers(setup_of(id), own);
    Endings endings;
    start_all(*alone, endings);
    own.run_all();
    CHECK(told(endings) == told(id == 1 ? in_first : in_second));
    CHECK(alone->summary().network_id == id);
  }
}

TEST_CASE("learning keeps tables within their rules, and forgets contacts that fail", "[tables]") {
  NetworkSetup setup = plain_setup(11, 4);
  use_strategy(setup.client, GENERATE(as<std::string>{}, "sliding-window", "go-libp2p", "py-dht"));
  setup.client.lookup.steps_to_stop = 3;
  setup.network.nodes = 300;
  setup.network.unreachable = Probability(1, 5);
  setup.client.table_updates = TableUpdates::kLearn;
  setup.client.rpc_timeout = Duration::milliseconds(100);
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  const Played played = play(*network, scheduler, random_hashes(11, 200));
  std::size_t forgotten = 0;
  for (const InteractionOutcome& record : played.interactions) {
    if (record.error == LinkError::kUnreachable && record.awaited) {
      CHECK_FALSE(network->table(record.interaction.from).contains(record.interaction.to));
      ++forgotten;
    }
  }
  CHECK(forgotten > 50);
  for (std::uint32_t owner = 0; owner < 300; ++owner) {
    const RoutingTable table = network->table({owner});
    for (unsigned i = 0; i < table.depth(); ++i) {
      std::set<PeerRef> seen;
      REQUIRE(table.bucket(i).size() <= 4);
      for (const PeerRef contact : table.bucket(i)) {
        REQUIRE(contact != PeerRef{owner});
        REQUIRE(seen.insert(contact).second);
        REQUIRE(table.bucket_index(contact) == i);
      }
    }
  }
}

// What is read off the order of buckets or ranks, against sorting all nodes.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

using namespace kadsim;

namespace {

std::vector<PeerRef> contacts_by_sorting(const RoutingTable& table, const Population& population,
                                         const Hash& target, std::size_t count) {
  std::vector<PeerRef> all;
  for (unsigned i = 0; i < table.depth(); ++i) {
    for (const PeerRef contact : table.bucket(i)) all.push_back(contact);
  }
  std::sort(all.begin(), all.end(), [&](PeerRef a, PeerRef b) {
    return nearer(target, population.hash(a), population.hash(b));
  });
  if (all.size() > count) all.resize(count);
  return all;
}

}  // namespace

TEST_CASE("the closest contacts of a table are those that sorting all of it gives",
          "[routing_table]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U, 4U);
  const unsigned k = GENERATE(1U, 3U, 20U, 70U);
  const TableStorage storage = GENERATE(TableStorage::kPrecomputed, TableStorage::kDerived);
  const bool changed = GENERATE(false, true);
  CAPTURE(seed, k, storage, changed);
  Scheduler scheduler;
  NetworkSetup setup = plain_setup(seed, k);
  setup.network.storage = storage;
  const auto network = DhtNetwork::init_with_hashes(random_hashes(seed, 400), setup, scheduler);
  const Population& population = network->population();
  // From then on some buckets are private copies.
  if (changed) network->table({7}).remove(network->table({7}).bucket(0).front());
  std::vector<PeerRef> closest;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const PeerRef owner{static_cast<std::uint32_t>(i % population.size())};
    // Far targets, near ones, and the owner itself.
    const Hash target =
        i % 3 == 0 ? named_hash("key", seed, 1, i)
                   : population.hash(owner).with_bit_flipped(static_cast<unsigned>(i % 200));
    const std::size_t count = i % 90;
    network->table(owner).closest(target, count, closest);
    REQUIRE(closest == contacts_by_sorting(network->table(owner), population, target, count));
  }
}

TEST_CASE("the true closest nodes are those that sorting all nodes gives", "[closest_nodes]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  CAPTURE(seed);
  const Population population(500, seed, 0, Probability(1, 4));
  ClosestNodes truth(population);
  std::vector<PeerRef> found;
  for (std::uint64_t i = 0; i < 300; ++i) {
    const Hash target = named_hash("key", seed, 2, i);
    const PeerRef except{static_cast<std::uint32_t>((i * 31) % 500)};
    truth.find(target, i % 60, except, found);
    REQUIRE(found == sorted_by_distance(population, target, except, i % 60));
  }
}

TEST_CASE("a node is among the closest if fewer nodes are nearer, whichever of them answer",
          "[closest_nodes]") {
  const Population population(300, 5, 0, Probability(1, 3));
  ClosestNodes truth(population);
  for (std::uint64_t i = 0; i < 50; ++i) {
    const Hash target = named_hash("key", 5, 3, i);
    for (std::uint32_t peer = 0; peer < 300; peer += 7) {
      unsigned are_nearer = 0;
      for (std::uint32_t other = 0; other < 300; ++other) {
        if (nearer(target, population.hash({other}), population.hash({peer}))) ++are_nearer;
      }
      for (const unsigned count : {1U, 10U, 20U, 299U}) {
        REQUIRE(truth.is_among_closest({peer}, target, count) == (are_nearer < count));
      }
    }
  }
}

TEST_CASE("in every small identifier space tables and lookups are right", "[exhaustive]") {
  // Bits at the top, and at the bottom, where the upper 64 bits of all distances are equal.
  const unsigned first = GENERATE(0U, 60U, 252U);
  const unsigned k = GENERATE(1U, 2U, 3U);
  CAPTURE(first, k);
  for (unsigned members = 1; members < (1U << 8); members += 3) {  // sets of 3-bit identifiers
    std::vector<Hash> hashes;
    for (unsigned id = 0; id < 8; ++id) {
      if (((members >> id) & 1) != 0) hashes.push_back(small_hash(id, 3, first));
    }
    if (hashes.empty()) continue;
    Scheduler scheduler;
    const auto network = DhtNetwork::init_with_hashes(hashes, plain_setup(1, k), scheduler);
    const Population& population = network->population();
    Endings endings;
    std::uint64_t key = 0;
    for (std::uint32_t owner = 0; owner < population.size(); ++owner) {
      for (unsigned target = 0; target < 8; ++target) {
        std::vector<PeerRef> closest;
        const Hash hash = small_hash(target, 3, first);
        network->table({owner}).closest(hash, 5, closest);
        REQUIRE(closest == contacts_by_sorting(network->table({owner}), population, hash, 5));
        network->client({owner}).lookup_for_hash(hash, key++, endings);
      }
    }
    scheduler.run_all();
    // An answer names one contact, which may be the asker itself: then a lookup need not find
    // anything.
    if (k == 1) continue;
    for (const auto& [tag, outcome, contacts] : endings.ended) {
      const auto truth =
          sorted_by_distance(population, outcome.request.target, outcome.request.origin, 1);
      REQUIRE(contacts.empty() == truth.empty());
      if (!truth.empty()) REQUIRE(contacts.front().peer == truth.front());
    }
  }
}

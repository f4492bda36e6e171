// Buckets changed at random, against a map of vectors; all other nodes keep what they had.

#include "core/table/routing_table.hpp"
#include "sim/world/arena_buckets.hpp"
#include "sim/world/derived_buckets.hpp"
#include "sim/world/table_builder.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

using namespace kadsim;

namespace {

using Contacts = std::vector<PeerRef>;

Contacts copy_of(std::span<const PeerRef> contacts) { return {contacts.begin(), contacts.end()}; }

std::unique_ptr<NetworkTables> make_tables(TableStorage storage, const Population& population,
                                           unsigned k, DerivedScratch& scratch) {
  if (storage == TableStorage::kDerived) {
    return std::make_unique<DerivedBuckets>(population, k, scratch);
  }
  const RandomStream stream(5, 0, "network.tables");
  const TableOptions options{Fill::kRandom, k};
  auto tables = std::make_unique<ArenaBuckets>(k);
  parallel_clilist_initializer(population, stream, options, *tables);
  return tables;
}

// Uniform hashes, and some that only their last bits tell apart, whose tables are deep.
std::vector<Hash> hashes_of(std::uint64_t seed) {
  std::vector<Hash> hashes = random_hashes(seed, 40);
  for (std::uint64_t i = 0; i < 12; ++i) hashes.push_back(small_hash(i, 4, 250));
  return hashes;
}

// Tables that are changed, what they should hold, and the same tables left as they were.
struct World {
  World(std::uint64_t seed, TableStorage storage, unsigned k_)
      : population(hashes_of(seed)),
        k(k_),
        scratch({Fill::kRandom, k}, population.ranks(), RandomStream(5, 0, "network.tables")),
        tables(make_tables(storage, population, k, scratch)),
        untouched(make_tables(storage, population, k, scratch)) {
    for (std::uint32_t owner = 0; owner < population.size(); ++owner) {
      for (unsigned index = 0; index < Hash::kBits; ++index) {
        const std::span<const PeerRef> contacts = untouched->bucket({owner}, index);
        if (!contacts.empty()) expected[{owner, index}] = copy_of(contacts);
      }
    }
    for (std::uint64_t i = 0; i < 4; ++i) population.join(named_hash("key", seed, 98, i));
  }

  Contacts expected_bucket(PeerRef owner, unsigned index) const {
    const auto found = expected.find({owner.value, index});
    return found == expected.end() ? Contacts() : found->second;
  }

  // Adds or removes a contact, or empties its bucket.
  void change(PeerRef owner, PeerRef contact, std::uint64_t what) {
    const unsigned index = population.hash(owner).shared_upper_bits(population.hash(contact));
    KBucket& bucket = tables->edit(owner, index);
    Contacts& contacts = expected[{owner.value, index}];
    changed.insert(owner);
    const auto at = std::ranges::find(contacts, contact);
    if (what == 0) {
      bucket.clear();
      contacts.clear();
    } else if (what < 4) {
      REQUIRE(bucket.remove(contact) == (at != contacts.end()));
      if (at != contacts.end()) contacts.erase(at);
    } else {
      bucket.add(contact);
      if (at != contacts.end()) contacts.erase(at);
      if (contacts.size() < k) contacts.push_back(contact);
    }
  }

  void require_buckets(PeerRef owner) const {
    const unsigned depth = tables->depth(owner);
    for (unsigned index = 0; index < Hash::kBits; ++index) {
      const Contacts contacts = expected_bucket(owner, index);
      REQUIRE((index < depth || contacts.empty()));
      if (index < depth + 2) REQUIRE(copy_of(tables->bucket(owner, index)) == contacts);
    }
    if (!changed.contains(owner)) REQUIRE(depth == untouched->depth(owner));
  }

  // Of the nodes of time 0 exactly those with a changed bucket lose the fast path; for all others
  // it, and what is prefetched by it, is what it was.
  void require_fast_path(PeerRef owner, unsigned index, std::size_t count) const {
    const bool fast = owner.value < population.initial() && !changed.contains(owner);
    const auto around = tables->around(owner, index, count);
    REQUIRE(around.has_value() == fast);
    if (fast) REQUIRE(copy_of(*around) == copy_of(*untouched->around(owner, index, count)));
    for (unsigned stage = 0; stage < 3; ++stage) {
      REQUIRE(tables->prefetch(owner, index, stage).empty());
    }
    const Contacts prefetched = copy_of(tables->prefetch(owner, index, 3));
    if (fast) REQUIRE(prefetched == copy_of(untouched->prefetch(owner, index, 3)));
  }

  void require_closest(PeerRef owner, const Hash& target, std::size_t count) {
    Contacts sorted;
    for (auto at = expected.lower_bound({owner.value, 0});
         at != expected.end() && at->first.first == owner.value; ++at) {
      sorted.insert(sorted.end(), at->second.begin(), at->second.end());
    }
    std::ranges::sort(sorted, [&](PeerRef a, PeerRef b) {
      return nearer(target, population.hash(a), population.hash(b));
    });
    sorted.resize(std::min(count, sorted.size()));
    Contacts closest;
    RoutingTable(owner, population.book(), *tables).closest(target, count, closest);
    REQUIRE(closest == sorted);
  }

  Population population;
  unsigned k;
  DerivedScratch scratch;  // of both, as only one is read at a time
  std::unique_ptr<NetworkTables> tables;
  std::unique_ptr<NetworkTables> untouched;
  std::map<std::pair<std::uint32_t, unsigned>, Contacts> expected;  // by owner and index
  std::set<PeerRef> changed;                                        // owners of changed buckets
};

}  // namespace

TEST_CASE("a changed bucket is what a plain list of contacts says, and changes no other node",
          "[bucket_store]") {
  const TableStorage storage = GENERATE(TableStorage::kPrecomputed, TableStorage::kDerived);
  const unsigned k = GENERATE(1U, 3U, 8U);
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(storage, k, seed);
    World world(seed, storage, k);
    const std::uint32_t nodes = world.population.size();
    const RandomStream stream(seed, k, "test");
    RandomSequence random(stream, {0, 0, 0});
    const auto any = [&] { return PeerRef{static_cast<std::uint32_t>(random.below(nodes))}; };
    const auto look_at = [&](PeerRef owner) {
      world.require_buckets(owner);
      world.require_fast_path(owner, static_cast<unsigned>(random.below(12)), random.below(2 * k));
      // A target near the owner, and one that may be anywhere.
      const auto bit = static_cast<unsigned>(random.below(Hash::kBits));
      world.require_closest(owner, world.population.hash(owner).with_bit_flipped(bit), k);
      world.require_closest(owner, named_hash("key", seed, 97, random.bits()), random.below(2 * k));
    };
    for (std::uint32_t owner = 0; owner < nodes; ++owner) look_at({owner});
    for (int step = 0; step < 60; ++step) {
      // Half of the nodes keep their tables.
      const PeerRef owner{any().value / 2 * 2};
      const PeerRef contact = any();
      if (contact == owner) continue;
      world.change(owner, contact, random.below(10));
      look_at(owner);
      look_at(any());
    }
    for (std::uint32_t owner = 0; owner < nodes; ++owner) look_at({owner});
  }
}

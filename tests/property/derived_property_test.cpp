// Tables that are derived when they are read are those that were built ahead.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include "sim/world/arena_buckets.hpp"
#include "sim/world/derived_buckets.hpp"
#include "sim/world/table_builder.hpp"

using namespace kadsim;

namespace {

struct BothTables {
  BothTables(const Population& population, const TableOptions& options)
      : stream(5, 0, "network.tables"),
        built(options.k),
        scratch(options, population.ranks(), stream),
        derived(population, options.k, scratch) {
    parallel_clilist_initializer(population, stream, options, built);
  }

  RandomStream stream;
  ArenaBuckets built;
  DerivedScratch scratch;
  DerivedBuckets derived;
};

void require_equal(const BothTables& tables, PeerRef owner, unsigned index) {
  const auto built = tables.built.bucket(owner, index);
  const auto derived = tables.derived.bucket(owner, index);
  REQUIRE(std::equal(built.begin(), built.end(), derived.begin(), derived.end()));
}

}  // namespace

TEST_CASE("derived buckets are the built ones, in whatever order they are read", "[derived]") {
  const Fill fill = GENERATE(Fill::kClosest, Fill::kRandom, Fill::kBalanced);
  const Population population(10'000, 5, 0, Probability());
  const BothTables tables(population, {fill, 20});
  CHECK(tables.derived.contacts() == tables.built.contacts());
  // Table by table, as a lookup's answer is found: depth first, then some buckets.
  for (std::uint32_t owner = 0; owner < population.size(); ++owner) {
    const unsigned depth = tables.built.depth({owner});
    REQUIRE(tables.derived.depth({owner}) == depth);
    for (unsigned i = 0; i < depth + 2; ++i) require_equal(tables, {owner}, i);
  }
  // All over the place: no bucket of one owner after the other.
  std::uint32_t owner = 1;
  for (int read = 0; read < 200'000; ++read) {
    owner = owner * 48271U % 9973U;
    require_equal(tables, {owner}, owner * 7U % 17U);
  }
  // Deepest first, from the last owner on.
  for (std::uint32_t o = population.size(); o-- > 0;) {
    for (unsigned i = tables.built.depth({o}); i-- > 0;) require_equal(tables, {o}, i);
  }
}

TEST_CASE("derived buckets are the built ones among hashes of any kind", "[derived]") {
  const Fill fill = GENERATE(Fill::kClosest, Fill::kRandom, Fill::kBalanced);
  const unsigned k = GENERATE(1U, 3U, 20U);
  std::vector<Hash> hashes = random_hashes(6, 100);
  for (std::uint64_t i = 0; i < 64; ++i) hashes.push_back(small_hash(i, 6, 250));
  for (std::uint64_t i = 1; i < 200; ++i) hashes.push_back(small_hash(i * i, 16, 60));
  if (GENERATE(false, true)) hashes.resize(1);
  const Population population(hashes);
  const BothTables tables(population, {fill, k});
  for (std::uint32_t owner = 0; owner < population.size(); ++owner) {
    REQUIRE(tables.derived.depth({owner}) == tables.built.depth({owner}));
    for (unsigned i = 0; i < Hash::kBits; ++i) require_equal(tables, {owner}, i);
  }
}

TEST_CASE("a changed bucket stays changed, and joiners own theirs", "[derived]") {
  Population population(500, 5, 0, Probability());
  DerivedScratch scratch({Fill::kRandom, 8}, population.ranks(),
                         RandomStream(5, 0, "network.tables"));
  DerivedBuckets tables(population, 8, scratch);
  const PeerRef owner{7};
  const std::vector<PeerRef> before(tables.bucket(owner, 0).begin(), tables.bucket(owner, 0).end());
  REQUIRE(tables.edit(owner, 0).remove(before[3]));
  CHECK(tables.bucket(owner, 0).size() == before.size() - 1);
  CHECK(tables.edit(owner, 0).size() == before.size() - 1);
  const unsigned depth = tables.depth(owner);
  tables.edit(owner, depth + 3).add(PeerRef{9});
  CHECK(tables.depth(owner) == depth + 4);
  CHECK(tables.bucket(owner, depth + 3).size() == 1);

  const PeerRef joined = population.join(Hash::of_name("late"));
  CHECK(tables.depth(joined) == 0);
  CHECK(tables.bucket(joined, 0).empty());
  CHECK(tables.edit(joined, 2).add(owner) == BucketChange::kAdded);
  CHECK(tables.depth(joined) == 3);
}

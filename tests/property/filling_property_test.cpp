// What is in a routing table at time 0.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include "sim/world/bucket_walk.hpp"
#include "sim/world/table_builder.hpp"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <cmath>
#include <map>
#include <set>

using namespace kadsim;

namespace {

NetworkSetup filled(std::uint64_t seed, Fill fill, std::uint64_t nodes, unsigned k) {
  NetworkSetup setup = plain_setup(seed, k);
  setup.network.fill = fill;
  setup.network.nodes = nodes;
  return setup;
}

std::vector<PeerRef> bucket_of(DhtNetwork& network, PeerRef owner, unsigned index) {
  const auto contacts = network.table(owner).bucket(index);
  return {contacts.begin(), contacts.end()};
}

// How many contacts the rule of RFM19.1 takes from the zeros of each subtree, without the draws:
// the two values it may be.
void check_balance(const Population& population, const std::vector<PeerRef>& taken,
                   std::vector<PeerRef> members, unsigned depth) {
  if (taken.size() == members.size() || taken.empty() || depth == Hash::kBits) return;
  const auto in_zeros = [&](PeerRef peer) { return !population.hash(peer).bit(depth); };
  std::vector<PeerRef> zeros;
  std::vector<PeerRef> ones;
  std::vector<PeerRef> taken_zeros;
  std::vector<PeerRef> taken_ones;
  for (const PeerRef peer : members) (in_zeros(peer) ? zeros : ones).push_back(peer);
  for (const PeerRef peer : taken) (in_zeros(peer) ? taken_zeros : taken_ones).push_back(peer);
  const std::size_t half = taken.size() / 2;
  const std::size_t wanted_most = half + taken.size() % 2;
  if (zeros.size() >= wanted_most && ones.size() >= wanted_most) {
    REQUIRE(taken_zeros.size() >= half);
    REQUIRE(taken_zeros.size() <= wanted_most);
  } else if (zeros.size() < half) {
    REQUIRE(taken_zeros.size() == zeros.size());
  } else if (ones.size() < half) {
    REQUIRE(taken_ones.size() == ones.size());
  }
  check_balance(population, taken_zeros, zeros, depth + 1);
  check_balance(population, taken_ones, ones, depth + 1);
}

}  // namespace

TEST_CASE("a bucket holds as many nodes of its subtree as it can, each once", "[tables]") {
  const Fill fill = GENERATE(Fill::kClosest, Fill::kRandom, Fill::kBalanced);
  const unsigned k = GENERATE(1U, 7U, 20U);
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(filled(3, fill, 700, k), scheduler);
  const Population& population = network->population();
  for (std::uint32_t owner = 0; owner < population.size(); owner += 11) {
    std::map<unsigned, std::size_t> subtree_sizes;
    for (std::uint32_t other = 0; other < population.size(); ++other) {
      if (other != owner)
        ++subtree_sizes[population.hash({owner}).shared_upper_bits(population.hash({other}))];
    }
    for (unsigned i = 0; i < network->table({owner}).depth(); ++i) {
      const auto contacts = bucket_of(*network, {owner}, i);
      REQUIRE(contacts.size() == std::min<std::size_t>(k, subtree_sizes[i]));
      REQUIRE(std::set<PeerRef>(contacts.begin(), contacts.end()).size() == contacts.size());
      for (const PeerRef contact : contacts) {
        REQUIRE(population.hash({owner}).shared_upper_bits(population.hash(contact)) == i);
      }
      subtree_sizes.erase(i);
    }
    for (const auto& [index, size] : subtree_sizes) REQUIRE(size == 0);
  }
}

TEST_CASE("random filling is uniform", "[tables]") {
  // How often each member of the upper half of the space stands in bucket 0 of the lower half's
  // nodes. A member is there with probability k / m, independently over owners: chi-square with
  // about m degrees of freedom.
  constexpr unsigned kSize = 5;
  double chi_square = 0;
  double freedom = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    Scheduler scheduler;
    const auto network =
        DhtNetwork::init_with_random_peers(filled(seed, Fill::kRandom, 400, kSize), scheduler);
    const Population& population = network->population();
    std::map<std::uint32_t, double> seen;
    double owners = 0;
    double members = 0;
    for (std::uint32_t peer = 0; peer < population.size(); ++peer) {
      if (population.hash({peer}).bit(0)) {
        ++members;
        seen[peer] += 0;
        continue;
      }
      ++owners;
      for (const PeerRef contact : bucket_of(*network, {peer}, 0)) seen[contact.value] += 1;
    }
    const double expected = owners * kSize / members;
    const double variance = expected * (1 - kSize / members);
    for (const auto& [peer, times] : seen)
      chi_square += (times - expected) * (times - expected) / variance;
    freedom += members - 1;
  }
  CAPTURE(chi_square, freedom);
  CHECK(std::abs(chi_square - freedom) < 4 * std::sqrt(2 * freedom));
}

TEST_CASE("random filling takes any two members equally often, however many there are",
          "[tables]") {
  // Two members are both taken with probability k (k - 1) / (m (m - 1)). Counted by the distance of
  // the two, modulo m: a chi-square that sees draws that depend on each other. The sizes meet the
  // cases of few members (nearly all are taken), some, and more than a bucket has marks for.
  const std::uint32_t members = GENERATE(21U, 24U, 61U, 5003U, 1'000'003U);
  constexpr unsigned kSize = 20;
  constexpr std::uint32_t kBuckets = 40'000;
  constexpr std::size_t kCells = 20;
  const Population one_node({Hash()});
  const RandomStream stream(8, 0, "network.tables");
  BucketFiller filler({Fill::kRandom, kSize}, one_node.ranks(), stream);
  std::vector<double> members_seen(kCells, 0);
  std::vector<double> pairs_seen(kCells, 0);
  std::vector<PeerRef> places(kSize);
  for (std::uint32_t birth = 0; birth < kBuckets; ++birth) {
    filler.fill({.subtree = {{100, 100 + members}, 1 + birth % 20, 0},
                 .birth = birth / 20,
                 .owner = nullptr,
                 .places = places});
    for (const PeerRef a : places) {
      REQUIRE(a.value >= 100);
      REQUIRE(a.value < 100 + members);
      members_seen[std::uint64_t{a.value - 100} * kCells / members] += 1;
      for (const PeerRef b : places) {
        if (a == b) continue;
        const std::uint32_t apart = (a.value + members - b.value) % members;
        pairs_seen[std::uint64_t{apart - 1} * kCells / (members - 1)] += 1;
      }
    }
  }
  double of_members = 0;
  double of_pairs = 0;
  for (std::size_t cell = 0; cell < kCells; ++cell) {
    // How many of 0 ... size - 1 fall into the cell.
    const auto width = [&](std::uint64_t size) {
      return static_cast<double>(((cell + 1) * size + kCells - 1) / kCells -
                                 (cell * size + kCells - 1) / kCells);
    };
    const double singles = kBuckets * kSize * width(members) / members;
    const double pairs =
        double{kBuckets} * kSize * (kSize - 1) * width(members - 1) / (members - 1);
    of_members += (members_seen[cell] - singles) * (members_seen[cell] - singles) / singles;
    of_pairs += (pairs_seen[cell] - pairs) * (pairs_seen[cell] - pairs) / pairs;
  }
  CAPTURE(members, of_members, of_pairs);
  // Draws without replacement vary less than independent ones. A pair counts in both directions,
  // which doubles the variance of its cell.
  CHECK(of_members < kCells - 1 + 4 * std::sqrt(2.0 * (kCells - 1)));
  CHECK(of_pairs / 2 < kCells - 1 + 4 * std::sqrt(2.0 * (kCells - 1)));
}

TEST_CASE("balanced filling gives the odd contact to either half equally often", "[tables]") {
  Scheduler scheduler;
  const auto network =
      DhtNetwork::init_with_random_peers(filled(9, Fill::kBalanced, 3000, 11), scheduler);
  const Population& population = network->population();
  // Bucket 0 has halves of hundreds: each gives 5 or 6; one step down 2 or 3, then 1 or 2.
  for (unsigned level = 1; level <= 3; ++level) {
    int draws = 0;
    int more_zeros = 0;
    for (std::uint32_t owner = 0; owner < population.size(); ++owner) {
      std::map<std::uint64_t, int> taken;  // by their first bits
      for (const PeerRef contact : bucket_of(*network, {owner}, 0)) {
        ++taken[population.hash(contact).upper_word() >> (63 - level)];
      }
      for (auto& [path, zeros] : taken) {
        const int ones = path % 2 == 0 ? taken[path + 1] : 0;
        if (path % 2 != 0 || zeros == ones) continue;
        ++draws;
        more_zeros += zeros > ones ? 1 : 0;
      }
    }
    CAPTURE(level, draws, more_zeros);
    CHECK(draws > 2900);
    CHECK(std::abs(more_zeros - draws / 2) < 2 * std::sqrt(draws));
  }
}

TEST_CASE("balanced filling takes half from each half, as far as they go", "[tables]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  const unsigned k = GENERATE(1U, 2U, 11U, 20U, 33U);
  // Hashes of everywhere, and some that share so many bits that halving goes on below the index.
  std::vector<Hash> hashes = random_hashes(seed, 500);
  for (std::uint64_t i = 0; i < 100; ++i) hashes.push_back(small_hash(i * i, 14, 57));
  Scheduler scheduler;
  const auto network =
      DhtNetwork::init_with_hashes(hashes, filled(seed, Fill::kBalanced, 600, k), scheduler);
  const Population& population = network->population();
  for (std::uint32_t owner = 0; owner < population.size(); owner += 7) {
    for (unsigned i = 0; i < network->table({owner}).depth(); ++i) {
      std::vector<PeerRef> members;
      for (std::uint32_t other = 0; other < population.size(); ++other) {
        if (other != owner &&
            population.hash({owner}).shared_upper_bits(population.hash({other})) == i) {
          members.push_back({other});
        }
      }
      const auto taken = bucket_of(*network, {owner}, i);
      REQUIRE(taken.size() == std::min<std::size_t>(k, members.size()));
      REQUIRE(std::set<PeerRef>(taken.begin(), taken.end()).size() == taken.size());
      check_balance(population, taken, members, i + 1);
    }
  }
}

TEST_CASE("feeding every node to an empty table gives the filling closest", "[tables]") {
  Scheduler scheduler;
  const auto network =
      DhtNetwork::init_with_random_peers(filled(4, Fill::kClosest, 300, 8), scheduler);
  for (std::uint32_t owner = 0; owner < 300; owner += 13) {
    std::vector<std::set<PeerRef>> built;
    for (unsigned i = 0; i < network->table({owner}).depth(); ++i) {
      const auto contacts = bucket_of(*network, {owner}, i);
      built.emplace_back(contacts.begin(), contacts.end());
    }
    network->bootstrap_node({owner});
    for (unsigned i = 0; i < built.size(); ++i) {
      const auto contacts = bucket_of(*network, {owner}, i);
      REQUIRE(std::set<PeerRef>(contacts.begin(), contacts.end()) == built[i]);
    }
  }
}

TEST_CASE("a walk tells the buckets of any node, whichever it comes from", "[tables]") {
  std::vector<Hash> hashes = random_hashes(3, 200);
  for (std::uint64_t i = 0; i < 40; ++i) hashes.push_back(small_hash(i, 6, 62));
  const Population population(hashes);
  const RankIndex& ranks = population.ranks();
  BucketWalk walk(ranks);
  for (std::uint32_t step = 0; step < 3 * population.size(); ++step) {
    // In order at first, then up and down.
    const std::uint32_t rank = step < population.size() ? step : step * 7919 % population.size();
    walk.go_to(rank);
    const auto buckets = walk.buckets();
    for (unsigned i = 0; i < buckets.size(); ++i) {
      REQUIRE(buckets[i].depth == i + 1);
      REQUIRE(buckets[i].ranks == ranks.subtree(ranks.hash(rank).with_bit_flipped(i), i + 1).ranks);
    }
    REQUIRE(ranks.subtree(ranks.hash(rank), static_cast<unsigned>(buckets.size())).ranks.size() ==
            1);
  }
}

TEST_CASE("tables are the same for any number of threads", "[tables]") {
  const Fill fill = GENERATE(Fill::kClosest, Fill::kRandom, Fill::kBalanced);
  std::vector<std::vector<PeerRef>> first;
  for (const int threads : {1, 2, 8}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    Scheduler scheduler;
    const auto network = arena.execute(
        [&] { return DhtNetwork::init_with_random_peers(filled(6, fill, 3000, 10), scheduler); });
    std::vector<std::vector<PeerRef>> tables;
    for (std::uint32_t owner = 0; owner < 3000; ++owner) {
      for (unsigned i = 0; i < network->table({owner}).depth(); ++i)
        tables.push_back(bucket_of(*network, {owner}, i));
    }
    if (first.empty()) first = tables;
    REQUIRE(tables == first);
  }
}

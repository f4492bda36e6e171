// What is in a routing table at time 0.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include "sim/world/table_builder.hpp"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

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

TEST_CASE("balanced filling takes half from each half, as far as they go", "[tables]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  Scheduler scheduler;
  const auto network =
      DhtNetwork::init_with_random_peers(filled(seed, Fill::kBalanced, 600, 11), scheduler);
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
      check_balance(population, bucket_of(*network, {owner}, i), members, i + 1);
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

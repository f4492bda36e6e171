// Nodes that join one by one, against sorting and counting all nodes.

#include "sim/world/closest_nodes.hpp"
#include "sim/world/joiners.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>
#include <utility>
#include <vector>

using namespace kadsim;

namespace {

// Hashes in any order, each once: uniform ones, or all of a small identifier space.
std::vector<Hash> some_hashes(RandomSequence& random, bool uniform, std::size_t count) {
  std::vector<Hash> hashes;
  const unsigned first = random.below(2) == 0 ? 60 : 247;
  for (std::uint64_t i = 0; i < 256; ++i) {
    hashes.push_back(uniform ? named_hash("key", 1, 96, random.bits()) : small_hash(i, 8, first));
  }
  for (std::size_t i = hashes.size(); i > 1; --i) std::swap(hashes[i - 1], hashes[random.below(i)]);
  hashes.resize(count);
  return hashes;
}

std::vector<PeerRef> in_subtree(const Population& population, const Hash& target, unsigned depth) {
  std::vector<PeerRef> members;
  for (std::uint32_t peer = population.initial(); peer < population.size(); ++peer) {
    if (population.hash({peer}).shared_upper_bits(target) >= depth) members.push_back({peer});
  }
  std::ranges::sort(members, {}, [&](PeerRef peer) { return population.hash(peer); });
  return members;
}

unsigned count_nearer(const Population& population, PeerRef peer, const Hash& target) {
  unsigned are_nearer = 0;
  for (std::uint32_t other = 0; other < population.size(); ++other) {
    if (nearer(target, population.hash({other}), population.hash(peer))) ++are_nearer;
  }
  return are_nearer;
}

void require_truth(Population& population, RandomSequence& random, const Hash& target) {
  const auto any = [&] {
    return PeerRef{static_cast<std::uint32_t>(random.below(population.size()))};
  };
  ClosestNodes truth(population);
  std::vector<PeerRef> found;
  const PeerRef except = random.below(4) == 0 ? kNoPeer : any();
  const std::size_t count = random.below(population.size() + 3);
  truth.find(target, count, except, found);
  REQUIRE(found == sorted_by_distance(population, target, except, count));

  const PeerRef peer = any();
  const unsigned are_nearer = count_nearer(population, peer, target);
  for (const unsigned wanted : {0U, 1U, are_nearer, are_nearer + 1, 20U}) {
    REQUIRE(truth.is_among_closest(peer, target, wanted) == (are_nearer < wanted));
  }

  const auto depth = static_cast<unsigned>(random.below(Hash::kBits + 1));
  const std::span<const PeerRef> subtree = population.joiners().subtree(target, depth);
  REQUIRE(std::ranges::equal(subtree, in_subtree(population, target, depth)));
}

}  // namespace

TEST_CASE("the true closest nodes are those that sorting all nodes gives, whichever nodes joined",
          "[closest_nodes]") {
  const bool uniform = GENERATE(true, false);
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(uniform, seed);
    const RandomStream stream(seed, 0, "test");
    RandomSequence random(stream, {0, 0, 0});
    // Between one node and most of them are there at time 0; the others join.
    const std::vector<Hash> hashes = some_hashes(random, uniform, 120);
    const auto initial = static_cast<std::ptrdiff_t>(seed % 3 == 0 ? 1 : 1 + random.below(100));
    Population population(std::vector<Hash>(hashes.begin(), hashes.begin() + initial));
    for (auto hash = hashes.begin() + initial; hash != hashes.end(); ++hash) {
      REQUIRE_FALSE(population.find(*hash).has_value());
      const PeerRef joined = population.join(*hash);
      REQUIRE(population.find(*hash) == joined);
      require_truth(population, random, *hash);
      require_truth(population, random, hashes[random.below(hashes.size())]);
      require_truth(population, random, named_hash("key", 1, 95, random.bits()));
    }
    for (const Hash& hash : hashes) REQUIRE(population.hash(population.find(hash).value()) == hash);
  }
}

TEST_CASE("nodes that never answer are left out of the true answer, beside joiners too",
          "[closest_nodes]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    CAPTURE(seed);
    const RandomStream stream(seed, 1, "test");
    RandomSequence random(stream, {0, 0, 0});
    Population population(100, seed, 0, Probability(1, 2));
    for (std::uint64_t i = 0; i < 100; ++i) {
      population.join(named_hash("key", seed, 94, i));
      require_truth(population, random, named_hash("key", seed, 93, i));
    }
  }
}

// Balanced filling: the fast form against the plain rule, contact for contact and draw for draw.

#include "core/random/random_stream.hpp"
#include "sim/world/balanced_filling.hpp"
#include "sim/world/balanced_rule.hpp"
#include "sim/world/population.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

using namespace kadsim;

namespace {

// Hashes of everywhere, and clusters of hashes that share their first bits, so that halves are
// even, uneven, short and empty at all depths.
std::vector<Hash> hashes_with_clusters(RandomSequence& random, std::uint64_t seed) {
  std::vector<Hash> hashes = random_hashes(seed, 1 + random.below(1500));
  for (std::uint64_t clusters = random.below(4); clusters > 0; --clusters) {
    const Hash base = hashes[random.below(hashes.size())];
    const auto shared = static_cast<unsigned>(random.below(240));
    for (std::uint64_t members = random.below(300); members > 0; --members) {
      Hash hash = base;
      for (unsigned bit = shared; bit < Hash::kBits; ++bit) {
        if (random.below(2) == 0) hash = hash.with_bit_flipped(bit);
      }
      hashes.push_back(hash);
    }
  }
  std::sort(hashes.begin(), hashes.end());
  hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
  return hashes;
}

// A subtree with at least one member: of the whole space, or below any node's path.
Subtree any_subtree(const RankIndex& ranks, RandomSequence& random) {
  if (random.below(20) == 0) return ranks.all();
  const auto rank = static_cast<std::uint32_t>(random.below(ranks.size()));
  unsigned deepest = 0;  // bits that the node shares with a neighbour: below, it is alone
  if (rank > 0) deepest = ranks.hash(rank).shared_upper_bits(ranks.hash(rank - 1));
  if (rank + 1 < ranks.size())
    deepest = std::max(deepest, ranks.hash(rank).shared_upper_bits(ranks.hash(rank + 1)));
  return ranks.subtree(ranks.hash(rank), static_cast<unsigned>(random.below(deepest + 2)));
}

// How often buckets met each case of the fast form.
struct Met {
  std::uint64_t no_piece_empty = 0;
  std::uint64_t some_piece_empty = 0;
  std::uint64_t piece_gives_more = 0;
  std::uint64_t path_beyond_64_bits = 0;
};

void count_cases(const RankIndex& ranks, unsigned k, const Subtree& subtree,
                 const std::vector<PeerRef>& taken, Met& met) {
  unsigned levels = 0;
  while ((1U << levels) < k) ++levels;
  std::vector<std::uint32_t> bounds((std::size_t{1} << levels) + 1);
  ranks.cut(subtree, levels, bounds);
  bool empty = false;
  bool more = false;
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    const RankRange piece{bounds[i], bounds[i + 1]};
    empty |= piece.empty();
    more |= std::count_if(taken.begin(), taken.end(),
                          [&](PeerRef peer) { return piece.contains(peer.value); }) > 1;
  }
  ++(empty ? met.some_piece_empty : met.no_piece_empty);
  if (more) ++met.piece_gives_more;
  if (more && subtree.depth + levels > 64) ++met.path_beyond_64_bits;
}

}  // namespace

TEST_CASE("balanced filling gives the contacts of its plain rule, with the same draws",
          "[tables]") {
  const unsigned k =
      GENERATE(1U, 2U, 3U, 4U, 5U, 8U, 9U, 16U, 20U, 33U, 64U, 65U, 100U, 200U, 1000U);
  Met met;
  std::uint64_t buckets = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const RandomStream cases(seed, k, "cases");
    RandomSequence random(cases, {});
    const Population population(hashes_with_clusters(random, seed));
    const RankIndex& ranks = population.ranks();
    const RandomStream stream(seed, 0, "network.tables");
    BalancedFilling filling(ranks, k);  // one for all, as it remembers subtrees
    for (std::uint32_t bucket = 0; bucket < 150; ++bucket) {
      const Subtree subtree = any_subtree(ranks, random);
      const bool full = subtree.depth > 240 || random.below(4) > 0;
      const auto count = full ? k : static_cast<std::uint32_t>(1 + random.below(k));
      if (subtree.ranks.size() <= count) continue;  // such a bucket holds the whole subtree
      CAPTURE(k, count, seed, bucket, subtree.depth, subtree.ranks.size());
      BucketDraws plain_draws(stream, {bucket, subtree.depth, 0});
      BucketDraws fast_draws = plain_draws;
      std::vector<PeerRef> plain(count);
      std::vector<PeerRef> fast(count);
      REQUIRE(take_balanced(ranks, k, subtree, count, plain_draws, plain.data()) ==
              plain.data() + count);
      filling.take(subtree, count, fast_draws, fast.data());
      REQUIRE(fast == plain);
      REQUIRE(fast_draws.bits() == plain_draws.bits());
      count_cases(ranks, k, subtree, plain, met);
      ++buckets;
    }
  }
  CAPTURE(k, buckets, met.no_piece_empty, met.some_piece_empty, met.piece_gives_more,
          met.path_beyond_64_bits);
  // Each case was met often enough to mean something.
  CHECK(buckets > 100);
  if (k <= 100) CHECK(met.no_piece_empty > 50);
  if (k > 1) CHECK(met.some_piece_empty > 50);
  if (k > 2) CHECK(met.piece_gives_more > 50);
  if (k > 2) CHECK(met.path_beyond_64_bits > 10);
}

TEST_CASE("zeros give half of the contacts, the odd one by the coin, and a short half gives all",
          "[tables]") {
  for (int zeros = 0; zeros <= 12; ++zeros) {
    for (int ones = 0; ones <= 12; ++ones) {
      for (int count = 0; count <= zeros + ones; ++count) {
        for (int coin = 0; coin <= 1; ++coin) {
          CAPTURE(zeros, ones, count, coin);
          const int half = count / 2 + (count % 2 == 1 ? coin : 0);
          int due = half;
          if (zeros < half) due = zeros;
          if (ones < count - half) due = count - ones;
          REQUIRE(given_by_zeros(count, coin, zeros, ones) == due);
        }
      }
    }
  }
}

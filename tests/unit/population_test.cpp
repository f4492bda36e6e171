// The nodes of a network: ranks, birth numbers, and which of them answer.

#include "sim/world/population.hpp"
#include "core/base/assert.hpp"
#include "sim/world/rank_order.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <numeric>

using namespace kadsim;

TEST_CASE("nodes are numbered in the order of their hashes and keep their birth numbers",
          "[population]") {
  const Population population(300, 7, 2, Probability());
  REQUIRE(population.size() == 300);
  CHECK(std::is_sorted(population.book().hashes().begin(), population.book().hashes().end()));
  for (std::uint32_t birth = 0; birth < 300; ++birth) {
    const PeerRef peer = population.born(birth);
    CHECK(population.birth(peer) == birth);
    CHECK(population.hash(peer) == named_hash("node", 7, 2, birth));
  }
}

TEST_CASE("sorting by bins gives what sorting gives, for hashes of any kind", "[population]") {
  // Below and above the size from which there are bins; hashes that agree in 0, 40 or 100 bits, so
  // that they share a bin, or all that is compared at first.
  const std::size_t count = GENERATE(1U, 2U, 4000U, 30'000U);
  const unsigned same_bits = GENERATE(0U, 40U, 100U);
  std::vector<Hash> by_birth;
  for (std::size_t i = 0; i < count; ++i) {
    Hash hash = named_hash("key", 3, 0, i);
    for (unsigned bit = 0; bit < same_bits; ++bit) {
      if (hash.bit(bit)) hash = hash.with_bit_flipped(bit);
    }
    by_birth.push_back(hash);
  }
  std::vector<std::uint32_t> sorted(count);
  std::iota(sorted.begin(), sorted.end(), 0U);
  std::sort(sorted.begin(), sorted.end(),
            [&](std::uint32_t a, std::uint32_t b) { return by_birth[a] < by_birth[b]; });
  CHECK(births_by_rank(by_birth) == sorted);
  if (count > 1) {
    by_birth.back() = by_birth.front();
    CHECK_THROWS_AS(births_by_rank(by_birth), AssertionError);
  }
}

TEST_CASE("joiners answer, however many there are", "[population]") {
  Population population(100, 7, 0, Probability(1, 2));
  const std::uint32_t before = population.reachable_count();
  std::uint32_t counted = 0;
  for (std::uint32_t peer = 0; peer < 100; ++peer)
    counted += population.reachable({peer}) ? 1U : 0U;
  CHECK(counted == before);
  for (std::uint64_t i = 0; i < 200; ++i) {
    CHECK(population.reachable(population.join(named_hash("key", 7, 0, i))));
  }
  CHECK(population.reachable_count() == before + 200);
}

TEST_CASE("a node is found by its hash, and by no other hash", "[population]") {
  Population population(300, 7, 0, Probability());
  const Hash late = Hash::of_name("late");
  CHECK_FALSE(population.find(late).has_value());
  const PeerRef joined = population.join(late);
  CHECK(joined == PeerRef{300});
  CHECK(population.birth(joined) == 300);
  for (std::uint32_t peer = 0; peer < population.size(); ++peer) {
    CHECK(population.find(population.hash({peer})) == PeerRef{peer});
    CHECK_FALSE(population.find(population.hash({peer}).with_bit_flipped(255)).has_value());
  }
  CHECK_THROWS_AS(population.join(late), AssertionError);
  CHECK_THROWS_AS(population.join(population.hash({5})), AssertionError);
}

TEST_CASE("a share of the nodes never answers, and raising it only adds to them", "[population]") {
  const Population few(2000, 3, 0, Probability(1, 10));
  const Population many(2000, 3, 0, Probability(3, 10));
  CHECK(few.reachable_count() > 1730);
  CHECK(few.reachable_count() < 1870);
  CHECK(many.reachable_count() > 1320);
  CHECK(many.reachable_count() < 1480);
  for (std::uint32_t peer = 0; peer < 2000; ++peer) {
    if (!few.reachable({peer})) CHECK_FALSE(many.reachable({peer}));
  }
}

TEST_CASE("subtrees are halved where the bit turns, whichever way they are found", "[rank_index]") {
  const Population population(500, 4, 0, Probability());
  const RankIndex& ranks = population.ranks();
  for (std::uint32_t rank = 0; rank < 500; rank += 17) {
    Subtree own = ranks.all();
    while (own.ranks.size() > 1) {
      const auto [zeros, ones] = ranks.halves(own);
      REQUIRE(zeros.ranks.first == own.ranks.first);
      REQUIRE(zeros.ranks.last == ones.ranks.first);
      REQUIRE(ones.ranks.last == own.ranks.last);
      for (std::uint32_t r = own.ranks.first; r < own.ranks.last; ++r) {
        REQUIRE(ranks.hash(r).bit(own.depth) == ones.ranks.contains(r));
      }
      own = ranks.hash(rank).bit(own.depth) ? ones : zeros;
      REQUIRE(ranks.subtree(ranks.hash(rank), own.depth).ranks == own.ranks);
      REQUIRE(ranks.subtree(ranks.hash(rank), own.depth).path == own.path);
    }
    CHECK(own.ranks.first == rank);
    CHECK(ranks.subtree(ranks.hash(rank), Hash::kBits).ranks == own.ranks);
  }
}

TEST_CASE("the halves of an empty subtree are empty, at every depth", "[rank_index]") {
  const Population population(50, 4, 0, Probability());
  const RankIndex& ranks = population.ranks();
  unsigned empty = 0;
  for (unsigned bit = 0; bit < 200; ++bit) {
    Subtree beside = ranks.subtree(ranks.hash(17).with_bit_flipped(bit), bit + 1);
    if (!beside.ranks.empty()) continue;
    ++empty;
    for (; beside.depth < Hash::kBits; beside = ranks.halves(beside).ones) {
      REQUIRE(ranks.halves(beside).zeros.ranks.empty());
      REQUIRE(ranks.halves(beside).ones.ranks.empty());
    }
  }
  CHECK(empty > 180);
}

TEST_CASE("a subtree is cut where halving it again and again cuts it", "[rank_index]") {
  const Population population(500, 5, 0, Probability());
  const RankIndex& ranks = population.ranks();
  for (unsigned depth = 0; depth < 14; ++depth) {
    for (std::uint32_t rank = 0; rank < 500; rank += 31) {
      const Subtree whole = ranks.subtree(ranks.hash(rank), depth);
      for (unsigned levels = 0; levels < 7; ++levels) {
        std::vector<std::uint32_t> bounds((std::size_t{1} << levels) + 1);
        ranks.cut(whole, levels, bounds);
        CHECK(bounds.front() == whole.ranks.first);
        CHECK(bounds.back() == whole.ranks.last);
        for (std::uint32_t piece = 0; piece + 1 < bounds.size(); ++piece) {
          for (std::uint32_t r = bounds[piece]; r < bounds[piece + 1]; ++r) {
            // The `levels` bits below the subtree are the number of the piece.
            std::uint32_t number = 0;
            for (unsigned i = 0; i < levels; ++i) {
              number = 2 * number + (ranks.hash(r).bit(depth + i) ? 1U : 0U);
            }
            REQUIRE(number == piece);
          }
        }
      }
    }
  }
}

TEST_CASE("two nodes can't have one hash, and a network has a node", "[population]") {
  CHECK_THROWS_AS(Population({Hash::of_name("a"), Hash::of_name("a")}), AssertionError);
  CHECK_THROWS_AS(Population(std::vector<Hash>{}), AssertionError);
}

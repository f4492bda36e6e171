#include "sim/world/table_filling.hpp"

#include "core/base/assert.hpp"
#include "sim/world/closest_nodes.hpp"

#include <algorithm>

namespace kadsim {
namespace {

void fill_all(const BucketToFill& bucket) {
  std::uint32_t rank = bucket.subtree.ranks.first;
  for (PeerRef& place : bucket.places) place.value = rank++;
}

void fill_closest(const RankIndex& ranks, const BucketToFill& bucket) {
  std::size_t filled = 0;
  visit_by_distance(ranks, bucket.subtree, *bucket.owner, [&](std::uint32_t rank) {
    bucket.places[filled++].value = rank;
    return filled < bucket.places.size();
  });
  std::sort(bucket.places.begin(), bucket.places.end());
}

void fill_random(const RandomStream& stream, const BucketToFill& bucket) {
  RandomSequence random(stream, {bucket.birth, bucket.subtree.depth - 1, 0});
  const std::uint32_t size = bucket.subtree.ranks.size();
  const auto count = static_cast<std::uint32_t>(bucket.places.size());
  PeerRef* const begin = bucket.places.data();
  PeerRef* end = begin;  // [begin, end) is sorted
  for (std::uint32_t last = size - count; last < size; ++last) {
    // A uniform member of the first last + 1; if it is taken already, the last of them, which can't
    // be.
    PeerRef pick{bucket.subtree.ranks.first +
                 static_cast<std::uint32_t>(random.below(std::uint64_t{last} + 1))};
    PeerRef* at = std::lower_bound(begin, end, pick);
    if (at != end && *at == pick) {
      pick.value = bucket.subtree.ranks.first + last;
      at = end;  // greater than all so far
    }
    std::copy_backward(at, end, end + 1);
    *at = pick;
    ++end;
  }
}

// The member of `subtree` nearest to a random point of it: what halving with one contact left comes
// to, as each fair choice between two halves that are not empty is one bit of the point, and other
// bits do not matter.
std::uint32_t one_balanced(const RankIndex& ranks, RandomSequence& random, Subtree subtree) {
  std::uint64_t point = random.bits();
  if (subtree.depth < ranks.jump_depth()) {
    const Subtree below =
        ranks.jump(subtree, ranks.jump_depth(), subtree.path | (point >> subtree.depth));
    // Nobody missing on the way: all halves up to there hold somebody.
    if (!below.ranks.empty()) {
      subtree = below;
      point = random.bits();
    }
  }
  for (unsigned used = 0; subtree.ranks.size() > 1; ++used) {
    if (used == 64) {
      point = random.bits();
      used = 0;
    }
    const bool bit = ((point >> (63 - used)) & 1) != 0;
    const auto [zeros, ones] = ranks.halves(subtree);
    subtree = ones.ranks.empty() || (!bit && !zeros.ranks.empty()) ? zeros : ones;
  }
  return subtree.ranks.first;
}

// Takes `count` of `subtree` into `places`, by rank. Draws are taken depth first, zeros before
// ones.
PeerRef* take_balanced(const RankIndex& ranks, RandomSequence& random, Subtree subtree,
                       std::uint32_t count, PeerRef* places) {
  while (count > 1 && count < subtree.ranks.size()) {
    const auto [zeros, ones] = ranks.halves(subtree);
    std::uint32_t from_zeros = count / 2;
    if (count % 2 == 1 && !zeros.ranks.empty() && !ones.ranks.empty()) {
      from_zeros += static_cast<std::uint32_t>(random.bits() >> 63);
    }
    // At least what the ones can't give, at most what the zeros have.
    const std::uint32_t least = count > ones.ranks.size() ? count - ones.ranks.size() : 0;
    from_zeros = std::min(std::max(from_zeros, least), zeros.ranks.size());
    places = take_balanced(ranks, random, zeros, from_zeros, places);
    count -= from_zeros;
    subtree = ones;
  }
  if (count == subtree.ranks.size()) {
    for (std::uint32_t rank = subtree.ranks.first; rank < subtree.ranks.last; ++rank) {
      (places++)->value = rank;
    }
  } else if (count == 1) {
    (places++)->value = one_balanced(ranks, random, subtree);
  }
  return places;
}

}  // namespace

void fill_bucket(Fill fill, const RankIndex& ranks, const RandomStream& stream,
                 const BucketToFill& bucket) {
  KADSIM_ASSERT(bucket.places.size() <= bucket.subtree.ranks.size(),
                "a bucket holds more than its subtree");
  if (bucket.places.size() == bucket.subtree.ranks.size()) {
    fill_all(bucket);
    return;
  }
  switch (fill) {
    case Fill::kClosest:
      fill_closest(ranks, bucket);
      break;
    case Fill::kRandom:
      fill_random(stream, bucket);
      break;
    case Fill::kBalanced: {
      RandomSequence random(stream, {bucket.birth, bucket.subtree.depth - 1, 0});
      take_balanced(ranks, random, bucket.subtree, static_cast<std::uint32_t>(bucket.places.size()),
                    bucket.places.data());
      break;
    }
  }
}

}  // namespace kadsim

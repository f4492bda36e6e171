#include "sim/world/table_filling.hpp"

#include "core/base/assert.hpp"
#include "sim/world/closest_nodes.hpp"

#include <algorithm>

namespace kadsim {
namespace {

void fill_all(const BucketToFill& bucket) {
  std::uint32_t rank = bucket.subtree.first;
  for (PeerRef& place : bucket.places) place.value = rank++;
}

void fill_closest(const RankIndex& ranks, const BucketToFill& bucket) {
  std::size_t filled = 0;
  visit_by_distance(ranks, bucket.subtree, bucket.index + 1, *bucket.owner, [&](std::uint32_t rank) {
    bucket.places[filled++].value = rank;
    return filled < bucket.places.size();
  });
  std::sort(bucket.places.begin(), bucket.places.end());
}

void fill_random(const RandomStream& stream, const BucketToFill& bucket) {
  RandomSequence random(stream, {bucket.birth, bucket.index, 0});
  const std::uint32_t size = bucket.subtree.size();
  const auto count = static_cast<std::uint32_t>(bucket.places.size());
  PeerRef* const begin = bucket.places.data();
  PeerRef* end = begin;  // [begin, end) is sorted
  for (std::uint32_t last = size - count; last < size; ++last) {
    // A uniform member of the first last + 1; if it is taken already, the last of them, which can't be.
    PeerRef pick{bucket.subtree.first + static_cast<std::uint32_t>(random.below(std::uint64_t{last} + 1))};
    PeerRef* at = std::lower_bound(begin, end, pick);
    if (at != end && *at == pick) {
      pick.value = bucket.subtree.first + last;
      at = end;  // greater than all so far
    }
    std::copy_backward(at, end, end + 1);
    *at = pick;
    ++end;
  }
}

// Takes `count` of `range`, at depth `depth`, into `places`, by rank. Draws are taken depth first, zeros before ones.
PeerRef* take_balanced(const RankIndex& ranks, RandomSequence& random, RankRange range, unsigned depth,
                       std::uint32_t count, PeerRef* places) {
  while (count > 0) {
    if (count == range.size()) {
      for (std::uint32_t rank = range.first; rank < range.last; ++rank) (places++)->value = rank;
      return places;
    }
    const std::uint32_t middle = ranks.split(range, depth, ranks.hash(range.first));
    const RankRange zeros{range.first, middle};
    const RankRange ones{middle, range.last};
    ++depth;
    std::uint32_t from_zeros = count / 2;
    if (count % 2 == 1 && !zeros.empty() && !ones.empty()) {
      from_zeros += static_cast<std::uint32_t>(random.bits() >> 63);
    }
    // At least what the ones can't give, at most what the zeros have.
    const std::uint32_t least = count > ones.size() ? count - ones.size() : 0;
    from_zeros = std::min(std::max(from_zeros, least), zeros.size());
    if (from_zeros > 0 && from_zeros < count) {
      places = take_balanced(ranks, random, zeros, depth, from_zeros, places);
      count -= from_zeros;
      range = ones;
    } else {
      range = from_zeros > 0 ? zeros : ones;
    }
  }
  return places;
}

}  // namespace

void fill_bucket(Fill fill, const RankIndex& ranks, const RandomStream& stream,
                 const BucketToFill& bucket) {
  KADSIM_ASSERT(bucket.places.size() <= bucket.subtree.size(), "a bucket holds more than its subtree");
  if (bucket.places.size() == bucket.subtree.size()) {
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
      RandomSequence random(stream, {bucket.birth, bucket.index, 0});
      take_balanced(ranks, random, bucket.subtree, bucket.index + 1,
                    static_cast<std::uint32_t>(bucket.places.size()), bucket.places.data());
      break;
    }
  }
}

}  // namespace kadsim

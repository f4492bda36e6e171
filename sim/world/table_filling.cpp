#include "sim/world/table_filling.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <bit>

namespace kadsim {
namespace {

PeerRef* copy_ranks(const RankRange& ranks, PeerRef* places) {
  for (std::uint32_t rank = ranks.first; rank < ranks.last; ++rank) (places++)->value = rank;
  return places;
}

// There are so many marks for each contact of a bucket that most picks meet none by chance.
constexpr unsigned kMarksPerContact = 32;

}  // namespace

BucketFiller::BucketFiller(const TableOptions& options, const RankIndex& ranks,
                           const RandomStream& stream)
    : options_(options),
      ranks_(ranks),
      stream_(stream),
      balanced_(ranks, options.k),
      closest_from_(
          static_cast<unsigned>(std::bit_width(ranks.size() / (2 * std::max(1U, options.k))))),
      marks_(std::bit_ceil(options.k * kMarksPerContact + 63U) / 64U, 0) {
  if (closest_from_ > 0) --closest_from_;
}

// All nodes of the half that shares the owner's bit are nearer than those of the other half: that
// half gives all its nodes before the other gives any.
void BucketFiller::fill_closest(const BucketToFill& bucket) const {
  Subtree subtree = bucket.subtree;
  auto missing = static_cast<std::uint32_t>(bucket.places.size());
  PeerRef* places = bucket.places.data();
  if (subtree.depth < closest_from_) {
    // As long as the near half has enough nodes, the other half gives none. So the descent may
    // start far down.
    const Subtree below =
        ranks_.subtree(bucket.owner->with_bit_flipped(subtree.depth - 1), closest_from_);
    if (below.ranks.size() >= missing) subtree = below;
  }
  while (missing < subtree.ranks.size()) {
    const bool bit = bucket.owner->bit(subtree.depth);
    const auto [zeros, ones] = ranks_.halves(subtree);
    const Subtree& near = bit ? ones : zeros;
    if (near.ranks.size() >= missing) {
      subtree = near;
    } else {
      places = copy_ranks(near.ranks, places);
      missing -= near.ranks.size();
      subtree = bit ? zeros : ones;
    }
  }
  copy_ranks(subtree.ranks, places);
}

// Floyd's algorithm: for each `last` of the last n members it picks one of the members up to
// `last`, uniformly; if that member is taken already, it picks `last` itself, which cannot be taken
// yet. Each pick leaves a mark for its lowest bits. Only a pick that meets a mark is compared with
// all picks before it.
void BucketFiller::fill_random(const BucketToFill& bucket) {
  BucketDraws draws(stream_, {bucket.birth, bucket.subtree.depth - 1, 0});
  const std::uint32_t size = bucket.subtree.ranks.size();
  const auto count = static_cast<std::uint32_t>(bucket.places.size());
  const auto mask = static_cast<std::uint32_t>(marks_.size() * 64 - 1);
  PeerRef* const picks = bucket.places.data();
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t last = size - count + i;
    std::uint32_t pick = draws.below(last + 1);
    const bool marked = ((marks_[(pick & mask) / 64] >> (pick % 64)) & 1) != 0;
    if (marked && std::find(picks, picks + i, PeerRef{pick}) != picks + i) pick = last;
    marks_[(pick & mask) / 64] |= std::uint64_t{1} << (pick % 64);
    picks[i].value = pick;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    marks_[(picks[i].value & mask) / 64] = 0;
    picks[i].value += bucket.subtree.ranks.first;
  }
}

void BucketFiller::fill(const BucketToFill& bucket) {
  KADSIM_ASSERT(bucket.places.size() <= bucket.subtree.ranks.size(),
                "a bucket holds more than its subtree");
  if (bucket.places.size() == bucket.subtree.ranks.size()) {
    copy_ranks(bucket.subtree.ranks, bucket.places.data());
    return;
  }
  switch (options_.fill) {
    case Fill::kClosest:
      fill_closest(bucket);
      break;
    case Fill::kRandom:
      fill_random(bucket);
      break;
    case Fill::kBalanced: {
      BucketDraws draws(stream_, {bucket.birth, bucket.subtree.depth - 1, 0});
      balanced_.take(bucket.subtree, static_cast<std::uint32_t>(bucket.places.size()), draws,
                     bucket.places.data());
      break;
    }
  }
}

}  // namespace kadsim

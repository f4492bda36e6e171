#include "sim/world/derived_buckets.hpp"

#include <algorithm>

namespace kadsim {
namespace {

// Contacts that the nodes of a subtree have within it, whatever the filling: each node of one half
// knows all of the other, or k. Where nobody has more than k others, everybody knows everybody.
std::uint64_t contacts_within(const RankIndex& ranks, const Subtree& subtree, unsigned k) {
  const std::uint64_t size = subtree.ranks.size();
  if (size <= std::uint64_t{k} + 1) return size == 0 ? 0 : size * (size - 1);
  const auto [zeros, ones] = ranks.halves(subtree);
  return contacts_within(ranks, zeros, k) + contacts_within(ranks, ones, k) +
         std::uint64_t{zeros.ranks.size()} * std::min(k, ones.ranks.size()) +
         std::uint64_t{ones.ranks.size()} * std::min(k, zeros.ranks.size());
}

}  // namespace

DerivedBuckets::DerivedBuckets(const Population& population, const RandomStream& stream,
                               const TableOptions& options)
    : population_(population),
      k_(options.k),
      contacts_(contacts_within(population.ranks(), population.ranks().all(), options.k)),
      filler_(options, population.ranks(), stream),
      scratch_(options.k),
      changed_(options.k) {}

std::span<const PeerRef> DerivedBuckets::derive(PeerRef owner, unsigned index) const {
  if (owner.value >= population_.initial()) return {};
  const RankIndex& ranks = population_.ranks();
  const Hash& hash = ranks.hash(owner.value);
  const Subtree subtree = ranks.subtree(hash.with_bit_flipped(index), index + 1);
  const std::span<PeerRef> places(scratch_.data(), std::min(k_, subtree.ranks.size()));
  filler_.fill(
      {.subtree = subtree, .birth = population_.birth(owner), .owner = &hash, .places = places});
  return places;
}

std::span<const PeerRef> DerivedBuckets::bucket(PeerRef owner, unsigned index) const {
  if (!changed_.empty()) [[unlikely]] {
    if (const KBucket* own = changed_.find(owner, index); own != nullptr) return own->contacts();
  }
  return derive(owner, index);
}

// Where no bucket is full, all are known: the neighbours in rank.
std::optional<std::span<const PeerRef>> DerivedBuckets::from(PeerRef owner, unsigned index,
                                                             std::size_t most) const {
  if (!changed_.empty() || owner.value >= population_.initial()) return {};
  const RankIndex& ranks = population_.ranks();
  const RankRange around = ranks.subtree(ranks.hash(owner.value), index).ranks;
  if (around.size() - 1 > std::min<std::size_t>(most, k_)) return {};
  std::size_t count = 0;
  for (std::uint32_t rank = around.first; rank < around.last; ++rank) {
    if (rank != owner.value) scratch_[count++] = {rank};
  }
  return std::span<const PeerRef>(scratch_.data(), count);
}

unsigned DerivedBuckets::initial_depth(PeerRef owner) const {
  const RankIndex& ranks = population_.ranks();
  const std::uint32_t rank = owner.value;
  if (rank >= ranks.size() || ranks.size() == 1) return 0;
  const Hash& hash = ranks.hash(rank);
  unsigned shared = 0;
  if (rank > 0) shared = hash.shared_upper_bits(ranks.hash(rank - 1));
  if (rank + 1 < ranks.size()) {
    shared = std::max(shared, hash.shared_upper_bits(ranks.hash(rank + 1)));
  }
  return shared + 1;
}

unsigned DerivedBuckets::depth(PeerRef owner) const {
  if (changed_.empty()) return initial_depth(owner);
  return std::max(initial_depth(owner), changed_.depth(owner));
}

std::span<const PeerRef> DerivedBuckets::fetch(PeerRef owner, unsigned index,
                                               unsigned stage) const {
  if (owner.value >= population_.initial()) return {};
  if (stage == 0) {
    population_.fetch_birth(owner);
    population_.book().fetch_hash(owner);
  }
  if (stage == 1) population_.ranks().fetch_subtree(population_.hash(owner), index);
  if (stage < 3) return {};
  return from(owner, index, k_).value_or(std::span<const PeerRef>());
}

KBucket& DerivedBuckets::edit(PeerRef owner, unsigned index) {
  if (const KBucket* own = changed_.find(owner, index); own != nullptr) {
    return changed_.edit(owner, index);
  }
  return changed_.edit(owner, index, derive(owner, index));
}

}  // namespace kadsim

#include "sim/world/derived_buckets.hpp"

#include <algorithm>

namespace kadsim {
namespace {

// The number of contacts that the nodes of a subtree have within it, however buckets are filled:
// each node of one half knows all nodes of the other half, or k of them. In a subtree of at most
// k + 1 nodes all of them know each other.
std::uint64_t contacts_within(const RankIndex& ranks, const Subtree& subtree, unsigned k) {
  const std::uint64_t size = subtree.ranks.size();
  if (size <= std::uint64_t{k} + 1) return size == 0 ? 0 : size * (size - 1);
  const auto [zeros, ones] = ranks.halves(subtree);
  return contacts_within(ranks, zeros, k) + contacts_within(ranks, ones, k) +
         std::uint64_t{zeros.ranks.size()} * std::min(k, ones.ranks.size()) +
         std::uint64_t{ones.ranks.size()} * std::min(k, zeros.ranks.size());
}

}  // namespace

DerivedBuckets::DerivedBuckets(const Population& population, unsigned k, DerivedScratch& scratch)
    : population_(population),
      k_(k),
      contacts_(contacts_within(population.ranks(), population.ranks().all(), k)),
      scratch_(scratch),
      changed_(k) {}

std::size_t DerivedBuckets::derive(PeerRef owner, unsigned index, std::size_t found) const {
  const RankIndex& ranks = population_.ranks();
  const Hash& hash = ranks.hash(owner.value);
  const Subtree subtree = ranks.subtree(hash.with_bit_flipped(index), index + 1);
  const std::size_t contacts = std::min(k_, subtree.ranks.size());
  if (scratch_.contacts.size() < found + contacts) scratch_.contacts.resize(found + contacts);
  scratch_.filler.fill({.subtree = subtree,
                        .birth = population_.birth(owner),
                        .owner = &hash,
                        .places = {scratch_.contacts.data() + found, contacts}});
  return found + contacts;
}

std::span<const PeerRef> DerivedBuckets::derive(PeerRef owner, unsigned index) const {
  if (owner.value >= population_.initial()) return {};
  const std::size_t found = derive(owner, index, 0);
  return {scratch_.contacts.data(), found};
}

std::span<const PeerRef> DerivedBuckets::bucket(PeerRef owner, unsigned index) const {
  if (changed_.owns_any(owner)) [[unlikely]] {
    if (const KBucket* own = changed_.find(owner, index); own != nullptr) return own->contacts();
  }
  return derive(owner, index);
}

std::optional<std::span<const PeerRef>> DerivedBuckets::around(PeerRef owner, unsigned index,
                                                               std::size_t count) const {
  if (changed_.owns_any(owner) || owner.value >= population_.initial()) return {};
  const RankIndex& ranks = population_.ranks();
  const RankRange subtree = ranks.subtree(ranks.hash(owner.value), index).ranks;
  std::size_t found = 0;
  if (subtree.size() - 1 <= k_) {
    // The owner knows all other nodes of this subtree: they are its neighbours in rank.
    if (scratch_.contacts.size() < k_) scratch_.contacts.resize(k_);
    for (std::uint32_t rank = subtree.first; rank < subtree.last; ++rank) {
      if (rank != owner.value) scratch_.contacts[found++] = {rank};
    }
  } else {
    found = derive(owner, index, 0);
    if (found < count) {
      const unsigned depth = initial_depth(owner);
      for (unsigned behind = index + 1; behind < depth; ++behind) {
        found = derive(owner, behind, found);
      }
    }
  }
  if (found < count) index = std::min(index, initial_depth(owner));
  while (found < count && index > 0) found = derive(owner, --index, found);
  return std::span<const PeerRef>(scratch_.contacts.data(), found);
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
  const unsigned derived = initial_depth(owner);
  return changed_.owns_any(owner) ? std::max(derived, changed_.depth(owner)) : derived;
}

std::span<const PeerRef> DerivedBuckets::prefetch(PeerRef owner, unsigned index,
                                                  unsigned stage) const {
  if (owner.value >= population_.initial()) return {};
  if (stage == 0) {
    population_.prefetch_birth(owner);
    population_.book().prefetch_hash(owner);
  }
  if (stage == 1) population_.ranks().prefetch_subtree(population_.hash(owner), index);
  if (stage < 3) return {};
  return around(owner, index, k_).value_or(std::span<const PeerRef>());
}

KBucket& DerivedBuckets::edit(PeerRef owner, unsigned index) {
  if (const KBucket* own = changed_.find(owner, index); own != nullptr) {
    return changed_.edit(owner, index);
  }
  return changed_.edit(owner, index, derive(owner, index));
}

}  // namespace kadsim

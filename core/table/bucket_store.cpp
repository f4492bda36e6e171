#include "core/table/bucket_store.hpp"

#include <algorithm>
#include <cstddef>

namespace kadsim {

std::span<const PeerRef> OwnedBuckets::bucket(PeerRef owner, unsigned index) const {
  const KBucket* found = find(owner, index);
  return found == nullptr ? std::span<const PeerRef>() : found->contacts();
}

unsigned OwnedBuckets::depth(PeerRef owner) const {
  const auto found = depths_.find(owner.value);
  return found == depths_.end() ? 0 : found->second;
}

KBucket& OwnedBuckets::edit(PeerRef owner, unsigned index, std::span<const PeerRef> contacts) {
  const auto [at, made] = buckets_.try_emplace(key(owner, index), k_, contacts);
  if (made) {
    unsigned& depth = depths_[owner.value];
    depth = std::max(depth, index + 1);
    if (owners_.size() <= owner.value) owners_.resize(std::size_t{owner.value} + 1);
    owners_[owner.value] = true;
  }
  return at->second;
}

const KBucket* OwnedBuckets::find(PeerRef owner, unsigned index) const {
  const auto found = buckets_.find(key(owner, index));
  return found == buckets_.end() ? nullptr : &found->second;
}

}  // namespace kadsim

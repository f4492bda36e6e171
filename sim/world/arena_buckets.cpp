#include "sim/world/arena_buckets.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

void ArenaBuckets::allocate(std::vector<std::uint64_t> entry_begin,
                            std::vector<std::uint64_t> bucket_begin,
                            std::vector<std::uint32_t> bucket_ends) {
  entry_begin_ = std::move(entry_begin);
  bucket_begin_ = std::move(bucket_begin);
  bucket_ends_ = std::move(bucket_ends);
  // Not initialised: the cores that fill it touch its pages first.
  entries_ = std::make_unique_for_overwrite<PeerRef[]>(entries());
}

unsigned ArenaBuckets::arena_depth(PeerRef owner) const {
  if (owner.value >= initial()) return 0;
  return static_cast<unsigned>(bucket_begin_[owner.value + 1] - bucket_begin_[owner.value]);
}

std::span<PeerRef> ArenaBuckets::in_arena(PeerRef owner, unsigned index) const {
  if (index >= arena_depth(owner)) return {};
  const std::uint32_t* ends = &bucket_ends_[bucket_begin_[owner.value]];
  const std::uint32_t begin = index == 0 ? 0 : ends[index - 1];
  return {entries_.get() + entry_begin_[owner.value] + begin, ends[index] - begin};
}

std::span<PeerRef> ArenaBuckets::place(PeerRef owner, unsigned index) {
  return in_arena(owner, index);
}

std::span<const PeerRef> ArenaBuckets::bucket(PeerRef owner, unsigned index) const {
  if (!changed_.empty()) [[unlikely]] {
    if (const KBucket* own = changed_.find(owner, index); own != nullptr) return own->contacts();
  }
  return in_arena(owner, index);
}

unsigned ArenaBuckets::depth(PeerRef owner) const {
  if (changed_.empty()) return arena_depth(owner);
  return std::max(arena_depth(owner), changed_.depth(owner));
}

KBucket& ArenaBuckets::edit(PeerRef owner, unsigned index) {
  return changed_.edit(owner, index, in_arena(owner, index));
}

std::uint64_t ArenaBuckets::bytes() const {
  return entries() * sizeof(PeerRef) + (entry_begin_.size() + bucket_begin_.size()) * 8 +
         bucket_ends_.size() * 4;
}

}  // namespace kadsim

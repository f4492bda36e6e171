#include "sim/world/arena_buckets.hpp"

#include "core/base/fetch.hpp"

#include <algorithm>

namespace kadsim {

void ArenaBuckets::allocate(std::uint32_t peers, const Extent& all) {
  begins_ = HugePageArray<Extent>(std::size_t{peers} + 1);
  bucket_ends_ = HugePageArray<std::uint32_t>(all.buckets);
  entries_ = HugePageArray<PeerRef>(all.contacts);
  begins_[peers] = all;
}

ArenaBuckets::Place ArenaBuckets::place(PeerRef owner, const Extent& before) {
  begins_[owner.value] = before;
  return {entries_.data() + before.contacts, bucket_ends_.data() + before.buckets};
}

unsigned ArenaBuckets::arena_depth(PeerRef owner) const {
  if (owner.value >= initial()) return 0;
  return static_cast<unsigned>(begins_[owner.value + 1].buckets - begins_[owner.value].buckets);
}

std::optional<BucketRow> ArenaBuckets::row(PeerRef owner) const {
  if (!changed_.empty() || owner.value >= initial()) return {};
  return BucketRow{entries_.data() + begins_[owner.value].contacts,
                   bucket_ends_.data() + begins_[owner.value].buckets, arena_depth(owner)};
}

std::optional<std::span<const PeerRef>> ArenaBuckets::from(PeerRef owner, unsigned index,
                                                           std::size_t most) const {
  if (!changed_.empty() || owner.value >= initial()) return {};
  const Extent& begin = begins_[owner.value];
  const Extent& end = begins_[owner.value + 1];
  if (begin.buckets + index >= end.buckets) return std::span<const PeerRef>();
  const std::uint64_t before = index == 0 ? 0 : bucket_ends_[begin.buckets + index - 1];
  const std::uint64_t count = end.contacts - begin.contacts - before;
  if (count > most) return {};
  return std::span<const PeerRef>(entries_.data() + begin.contacts + before, count);
}

std::span<PeerRef> ArenaBuckets::in_arena(PeerRef owner, unsigned index) const {
  if (index >= arena_depth(owner)) return {};
  const std::uint32_t* ends = &bucket_ends_[begins_[owner.value].buckets];
  const std::uint32_t begin = index == 0 ? 0 : ends[index - 1];
  return {entries_.data() + begins_[owner.value].contacts + begin, ends[index] - begin};
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

std::span<const PeerRef> ArenaBuckets::fetch(PeerRef owner, unsigned index, unsigned stage) const {
  if (owner.value >= initial()) return {};
  const Extent* const begin = &begins_[owner.value];
  const Extent* const end = begin + 1;
  if (stage == 0) {
    kadsim::fetch(begin, 2 * sizeof(Extent));
    return {};
  }
  const auto depth = static_cast<unsigned>(end->buckets - begin->buckets);
  const std::uint32_t* const ends = bucket_ends_.data() + begin->buckets;
  if (stage == 1) {
    kadsim::fetch(ends + std::min(std::max(index, 1U), depth) - 1, 2 * sizeof(std::uint32_t));
    return {};
  }
  const std::uint64_t k = changed_.k();
  const std::uint64_t all = end->contacts - begin->contacts;
  const auto first_of = [&](unsigned i) -> std::uint64_t { return i == 0 ? 0 : ends[i - 1]; };
  index = std::min(index, depth);
  std::uint64_t first = first_of(index);
  const std::uint64_t last = index < depth && ends[index] - first >= k ? ends[index] : all;
  while (last - first < k && index > 0) first = first_of(--index);
  const std::span<const PeerRef> contacts(entries_.data() + begin->contacts + first, last - first);
  if (stage == 2) kadsim::fetch(contacts.data(), contacts.size_bytes());
  return contacts;
}

KBucket& ArenaBuckets::edit(PeerRef owner, unsigned index) {
  return changed_.edit(owner, index, in_arena(owner, index));
}

std::uint64_t ArenaBuckets::bytes() const {
  return entries_.bytes() + bucket_ends_.bytes() + begins_.bytes();
}

}  // namespace kadsim

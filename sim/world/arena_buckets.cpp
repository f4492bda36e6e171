#include "sim/world/arena_buckets.hpp"

#include "core/base/fetch.hpp"

#include <algorithm>

namespace kadsim {

void ArenaBuckets::allocate(std::uint32_t peers, const Extent& all) {
  rows_ = HugePageArray<Row>(peers);
  words_ = HugePageArray<std::uint32_t>(all.words());
  contacts_ = all.contacts;
}

ArenaBuckets::Place ArenaBuckets::place(PeerRef owner, const Extent& before, std::size_t buckets) {
  rows_[owner.value] = {.first = before.words(), .depth = buckets};
  std::uint32_t* const ends = words_.data() + before.words();
  return {reinterpret_cast<PeerRef*>(ends + buckets), ends};
}

// Pre: owner is one of time 0.
inline BucketRow ArenaBuckets::row_of(PeerRef owner) const {
  const Row row = rows_[owner.value];
  const std::uint32_t* const ends = words_.data() + row.first;
  return {reinterpret_cast<const PeerRef*>(ends + row.depth), ends, row.depth};
}

std::optional<BucketRow> ArenaBuckets::row(PeerRef owner) const {
  if (!changed_.empty() || owner.value >= initial()) return {};
  return row_of(owner);
}

std::optional<std::span<const PeerRef>> ArenaBuckets::from(PeerRef owner, unsigned index,
                                                           std::size_t most) const {
  if (!changed_.empty() || owner.value >= initial()) return {};
  const BucketRow row = row_of(owner);
  if (index >= row.depth) return std::span<const PeerRef>();
  const auto contacts = row.from(index);
  if (contacts.size() > most) return {};
  return contacts;
}

std::span<const PeerRef> ArenaBuckets::in_arena(PeerRef owner, unsigned index) const {
  if (owner.value >= initial()) return {};
  const BucketRow row = row_of(owner);
  return index < row.depth ? row.bucket(index) : std::span<const PeerRef>();
}

std::span<const PeerRef> ArenaBuckets::bucket(PeerRef owner, unsigned index) const {
  if (!changed_.empty()) [[unlikely]] {
    if (const KBucket* own = changed_.find(owner, index); own != nullptr) return own->contacts();
  }
  return in_arena(owner, index);
}

unsigned ArenaBuckets::depth(PeerRef owner) const {
  const unsigned in_arena = owner.value < initial() ? row_of(owner).depth : 0;
  return changed_.empty() ? in_arena : std::max(in_arena, changed_.depth(owner));
}

std::span<const PeerRef> ArenaBuckets::fetch(PeerRef owner, unsigned index, unsigned stage) const {
  if (owner.value >= initial()) return {};
  if (stage == 0) {
    kadsim::fetch(&rows_[owner.value]);
    return {};
  }
  const BucketRow row = row_of(owner);
  if (row.depth == 0) return {};
  index = std::min(index, row.depth - 1);
  if (stage == 1) {
    const unsigned before = index == 0 ? 0 : index - 1;
    kadsim::fetch(row.ends + before, (row.depth - before) * sizeof(std::uint32_t));
    return {};
  }
  // This bucket if it is full, else all from it on, and more before.
  const std::size_t k = changed_.k();
  std::span<const PeerRef> contacts = row.bucket(index);
  if (contacts.size() < k) contacts = row.from(index);
  while (contacts.size() < k && index > 0) contacts = row.from(--index);
  if (stage == 2) kadsim::fetch(contacts.data(), contacts.size_bytes());
  return contacts;
}

KBucket& ArenaBuckets::edit(PeerRef owner, unsigned index) {
  return changed_.edit(owner, index, in_arena(owner, index));
}

std::uint64_t ArenaBuckets::bytes() const { return words_.bytes() + rows_.bytes(); }

}  // namespace kadsim

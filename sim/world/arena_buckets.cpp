#include "sim/world/arena_buckets.hpp"

#include "core/base/prefetch.hpp"

#include <algorithm>

namespace kadsim {

void ArenaBuckets::allocate(std::uint32_t peers, const Extent& all) {
  rows_ = HugePageArray<RowPlace>(peers);
  words_ = HugePageArray<std::uint32_t>(all.words());
  contacts_ = all.contacts;
}

ArenaBuckets::Place ArenaBuckets::place(PeerRef owner, const Extent& before, std::size_t buckets) {
  rows_[owner.value] = RowPlace(before.words(), buckets);
  std::uint32_t* const ends = words_.data() + before.words();
  return {reinterpret_cast<PeerRef*>(ends + buckets), ends};
}

// Pre: `owner` is a node of time 0.
inline ArenaBuckets::Row ArenaBuckets::row_of(PeerRef owner) const {
  const RowPlace place = rows_[owner.value];
  const std::uint32_t* const ends = words_.data() + place.first();
  return {reinterpret_cast<const PeerRef*>(ends + place.depth()), ends, place.depth()};
}

// Buckets lie one behind the other, so that all from the first one needed to the last are one span.
// If bucket `index` alone has enough contacts, it is the span.
inline std::span<const PeerRef> ArenaBuckets::Row::around(unsigned index, std::size_t count) const {
  if (depth == 0) return {};
  if (index < depth && bucket(index).size() >= count) return bucket(index);
  index = std::min(index, depth);
  const std::uint32_t end = ends[depth - 1];
  while (end - begin(index) < count && index > 0) --index;
  return {contacts + begin(index), end - begin(index)};
}

std::optional<std::span<const PeerRef>> ArenaBuckets::around(PeerRef owner, unsigned index,
                                                             std::size_t count) const {
  if (changed_.owns_any(owner) || owner.value >= initial()) return {};
  return row_of(owner).around(index, count);
}

std::span<const PeerRef> ArenaBuckets::in_arena(PeerRef owner, unsigned index) const {
  if (owner.value >= initial()) return {};
  const Row row = row_of(owner);
  return index < row.depth ? row.bucket(index) : std::span<const PeerRef>();
}

std::span<const PeerRef> ArenaBuckets::bucket(PeerRef owner, unsigned index) const {
  if (changed_.owns_any(owner)) [[unlikely]] {
    if (const KBucket* own = changed_.find(owner, index); own != nullptr) return own->contacts();
  }
  return in_arena(owner, index);
}

unsigned ArenaBuckets::depth(PeerRef owner) const {
  const unsigned in_arena = owner.value < initial() ? row_of(owner).depth : 0;
  return changed_.owns_any(owner) ? std::max(in_arena, changed_.depth(owner)) : in_arena;
}

// A node with changed buckets is no exception: it still reads its unchanged buckets here.
std::span<const PeerRef> ArenaBuckets::prefetch(PeerRef owner, unsigned index,
                                                unsigned stage) const {
  if (owner.value >= initial()) return {};
  if (stage == 0) {
    kadsim::prefetch(&rows_[owner.value]);
    return {};
  }
  const Row row = row_of(owner);
  if (stage == 1) {
    const unsigned before = std::max(std::min(index, row.depth), 1U) - 1;
    kadsim::prefetch(row.ends + before, (row.depth - before) * sizeof(std::uint32_t));
    return {};
  }
  const std::span<const PeerRef> contacts = row.around(index, changed_.k());
  if (stage > 2) return contacts;
  kadsim::prefetch(contacts.data(), contacts.size_bytes());
  return {};
}

KBucket& ArenaBuckets::edit(PeerRef owner, unsigned index) {
  return changed_.edit(owner, index, in_arena(owner, index));
}

std::uint64_t ArenaBuckets::bytes() const { return words_.bytes() + rows_.bytes(); }

}  // namespace kadsim

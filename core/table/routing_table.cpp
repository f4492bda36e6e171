#include "core/table/routing_table.hpp"

#include "core/base/assert.hpp"
#include "core/table/nearest_contacts.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace kadsim {
namespace {

// Indices of the buckets below `depth`, nearest to a target at this distance from their owner
// first: the bits that are set, ascending, then those that are not, descending. Until
// `visit(index)` returns false.
template <class Visit>
void visit_by_distance(const Hash& distance, unsigned depth, Visit&& visit) {
  constexpr unsigned kWordBits = 64;
  const unsigned words = (depth + kWordBits - 1) / kWordBits;
  // Of word i, its bits below `depth`.
  const auto within = [&](unsigned i) {
    const unsigned used = std::min(depth - i * kWordBits, kWordBits);
    return ~std::uint64_t{0} << (kWordBits - used);
  };
  for (unsigned i = 0; i < words; ++i) {
    for (std::uint64_t bits = distance.words()[i] & within(i); bits != 0;) {
      const auto first = static_cast<unsigned>(std::countl_zero(bits));
      bits ^= std::uint64_t{1} << (kWordBits - 1 - first);
      if (!visit(i * kWordBits + first)) return;
    }
  }
  for (unsigned i = words; i-- > 0;) {
    for (std::uint64_t bits = ~distance.words()[i] & within(i); bits != 0; bits &= bits - 1) {
      const auto last = kWordBits - 1 - static_cast<unsigned>(std::countr_zero(bits));
      if (!visit(i * kWordBits + last)) return;
    }
  }
}

}  // namespace

void RoutingTable::closest(const Hash& target, std::size_t count, std::vector<PeerRef>& out) const {
  thread_local ContactsByDistance found;
  closest(target, count, found);
  out.assign(found.contacts().begin(), found.contacts().end());
}

// Buckets are read nearest first until there are enough contacts, and sorted together: near the
// target they are small, and one sort of a few dozen costs less than one for each.
void RoutingTable::closest(const Hash& target, std::size_t count, ContactsByDistance& out) const {
  out.clear();
  if (count == 0) return;
  const unsigned shared = book_->shared_upper_bits(owner_, target);
  if (const auto around = store_->around(owner_, shared, count); around.has_value()) {
    append_nearest(*around, *book_, target, count, out);
    return;
  }
  thread_local std::vector<PeerRef> read;
  read.clear();
  visit_by_distance(self().xor_to(target), depth(), [&](unsigned index) {
    const std::span<const PeerRef> contacts = bucket(index);
    read.insert(read.end(), contacts.begin(), contacts.end());
    return read.size() < count;
  });
  append_nearest(read, *book_, target, count, out);
}

std::size_t RoutingTable::size() const {
  std::size_t contacts = 0;
  for (unsigned i = 0; i < depth(); ++i) contacts += bucket(i).size();
  return contacts;
}

unsigned RoutingTable::bucket_index(PeerRef peer) const {
  const unsigned shared = self().shared_upper_bits(book_->hash(peer));
  KADSIM_ASSERT(shared < Hash::kBits, "a node has no bucket for itself");
  return shared;
}

bool RoutingTable::contains(PeerRef peer) const {
  if (peer == owner_) return false;
  const auto contacts = bucket(bucket_index(peer));
  return std::find(contacts.begin(), contacts.end(), peer) != contacts.end();
}

BucketChange RoutingTable::add(PeerRef peer) {
  if (peer == owner_) return BucketChange::kRefused;
  const unsigned index = bucket_index(peer);
  return store_->edit(owner_, index).add(peer);
}

BucketChange RoutingTable::add_keeping_closest(PeerRef peer) {
  if (peer == owner_) return BucketChange::kRefused;
  return store_->edit(owner_, bucket_index(peer)).add_keeping_closest(peer, self(), *book_);
}

void RoutingTable::clear() {
  for (unsigned i = 0; i < depth(); ++i) {
    if (!bucket(i).empty()) store_->edit(owner_, i).clear();
  }
}

bool RoutingTable::remove(PeerRef peer) {
  if (!contains(peer)) return false;
  return store_->edit(owner_, bucket_index(peer)).remove(peer);
}

}  // namespace kadsim

#include "core/table/routing_table.hpp"

#include "core/base/assert.hpp"
#include "core/table/nearest_contacts.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>

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

// The first `depth` bits of the owner's distance. The full hash lies in a cache line of its own,
// and is seldom needed.
Hash RoutingTable::distance_to(const Hash& target, unsigned depth) const {
  if (depth <= 64) return Hash({book_->upper_word(owner_) ^ target.upper_word(), 0, 0, 0});
  return self().xor_to(target);
}

// Buckets are read nearest first until there are enough contacts, and sorted together: near the
// target they are small, and one sort of a few dozen costs less than one for each.
void RoutingTable::closest(const Hash& target, std::size_t count, ContactsByDistance& out) const {
  out.clear();
  if (count == 0) return;
  const std::optional<BucketRow> row = store_->row(owner_);
  UnsortedContacts found(*book_, target);
  // Returns whether more are wanted.
  const auto take = [&](unsigned index) {
    const auto contacts = row.has_value() ? row->bucket(index) : bucket(index);
    if (found.size() + contacts.size() > UnsortedContacts::kMost) {
      found.move_nearest(found.size(), out);
    }
    if (contacts.size() <= UnsortedContacts::kMost) {
      found.add(contacts);
    } else {
      append_nearest(contacts, *book_, target, count - out.size(), out);
    }
    return out.size() + found.size() < count;
  };
  const auto sort_the_rest = [&] {
    found.move_nearest(std::min(found.size(), count - out.size()), out);
  };
  // The bucket of the target and those behind it come before all others. If all are wanted, which
  // is so for most who are asked, they need not be told apart.
  const unsigned shared = book_->shared_upper_bits(owner_, target);
  const auto behind = store_->from(owner_, shared, std::min(count, UnsortedContacts::kMost));
  if (behind.has_value()) {
    found.add(*behind);
    bool more = behind->size() < count;
    const unsigned first_empty = behind->empty() ? depth() : shared;
    for (unsigned i = std::min(shared, first_empty); more && i-- > 0;) more = take(i);
    sort_the_rest();
    return;
  }
  const unsigned depth = row.has_value() ? row->depth : this->depth();
  if (shared >= depth || take(shared)) {
    visit_by_distance(distance_to(target, depth), depth,
                      [&](unsigned index) { return index == shared || take(index); });
  }
  sort_the_rest();
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

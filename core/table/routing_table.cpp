#include "core/table/routing_table.hpp"

#include "core/base/assert.hpp"
#include "core/table/nearest_contacts.hpp"

#include <algorithm>

namespace kadsim {

void RoutingTable::closest(const Hash& target, std::size_t count, std::vector<PeerRef>& out) const {
  out.clear();
  const auto take = [&](unsigned index) {
    const auto contacts = bucket(index);
    if (!contacts.empty()) {
      append_nearest(contacts, *book_, target, index + 1, count - out.size(), out);
    }
    return out.size() < count;
  };
  const Hash distance = self().xor_to(target);
  const unsigned end = depth();
  if (count == 0) return;
  for (unsigned i = distance.next_set_bit(0); i < end; i = distance.next_set_bit(i + 1)) {
    if (!take(i)) return;
  }
  for (unsigned i = end; i-- > 0;) {
    if (!distance.bit(i) && !take(i)) return;
  }
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

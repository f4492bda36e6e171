#include "core/table/routing_table.hpp"

#include "core/base/assert.hpp"
#include "core/table/nearest_contacts.hpp"

#include <algorithm>

namespace kadsim {

void RoutingTable::closest(const Hash& target, std::size_t count, std::vector<PeerRef>& out) const {
  thread_local ContactsByDistance found;
  closest(target, count, found);
  out.assign(found.peers().begin(), found.peers().end());
}

// Buckets are read nearest first. Near the target they are small: what is wanted whole is sorted
// together, which saves a sort a bucket, and only the last one needs a selection.
void RoutingTable::closest(const Hash& target, std::size_t count, ContactsByDistance& out) const {
  out.start(count);
  UnsortedContacts whole(*book_, target);
  const auto take = [&](unsigned index) {
    const auto contacts = bucket(index);
    if (whole.size() + contacts.size() > UnsortedContacts::kMost) {
      whole.move_nearest(whole.size(), out);
    }
    const std::size_t wanted = count - out.size() - whole.size();
    if (contacts.size() <= std::min(wanted, UnsortedContacts::kMost)) {
      whole.add(contacts);
      return wanted > contacts.size();
    }
    whole.move_nearest(whole.size(), out);
    append_nearest(contacts, *book_, target, wanted, out);
    return contacts.size() < wanted;
  };
  const Hash distance = self().xor_to(target);
  const unsigned end = depth();
  bool more = count > 0;
  for (unsigned i = distance.next_set_bit(0); more && i < end; i = distance.next_set_bit(i + 1)) {
    more = take(i);
  }
  for (unsigned i = end; more && i-- > 0;) {
    if (!distance.bit(i)) more = take(i);
  }
  whole.move_nearest(whole.size(), out);
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

#include "core/table/k_bucket.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {

KBucket::KBucket(unsigned k, std::span<const PeerRef> contacts)
    : k_(k), contacts_(contacts.begin(), contacts.end()) {
  KADSIM_ASSERT(k >= 1 && contacts.size() <= k, "a bucket holds up to k contacts, k >= 1");
}

bool KBucket::contains(PeerRef peer) const {
  return std::find(contacts_.begin(), contacts_.end(), peer) != contacts_.end();
}

BucketChange KBucket::add(PeerRef peer) {
  if (const auto at = std::find(contacts_.begin(), contacts_.end(), peer); at != contacts_.end()) {
    std::rotate(at, at + 1, contacts_.end());
    return BucketChange::kRefreshed;
  }
  if (full()) return BucketChange::kRefused;
  contacts_.push_back(peer);
  return BucketChange::kAdded;
}

BucketChange KBucket::add_keeping_closest(PeerRef peer, const Hash& owner, const PeerBook& book) {
  const BucketChange change = add(peer);
  if (change != BucketChange::kRefused) return change;
  const auto farthest = std::max_element(
      contacts_.begin(), contacts_.end(),
      [&](PeerRef a, PeerRef b) { return nearer(owner, book.hash(a), book.hash(b)); });
  if (!nearer(owner, book.hash(peer), book.hash(*farthest))) return BucketChange::kRefused;
  contacts_.erase(farthest);
  contacts_.push_back(peer);
  return BucketChange::kReplaced;
}

bool KBucket::remove(PeerRef peer) {
  const auto at = std::find(contacts_.begin(), contacts_.end(), peer);
  if (at == contacts_.end()) return false;
  contacts_.erase(at);
  return true;
}

}  // namespace kadsim

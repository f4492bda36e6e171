#include "core/table/routing_table.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {
namespace {

// Distances are compared by their upper 64 bits, which differ nearly always; the full hashes settle
// the rest.
struct Ranked {
  std::uint64_t distance;
  PeerRef peer;
};

}  // namespace

void RoutingTable::closest(const Hash& target, std::size_t count, std::vector<PeerRef>& out) const {
  thread_local std::vector<Ranked> ranked;
  out.clear();
  const auto before = [&](const Ranked& a, const Ranked& b) {
    if (a.distance != b.distance) return a.distance < b.distance;
    return nearer(target, book_->hash(a.peer), book_->hash(b.peer));
  };
  const auto take = [&](unsigned index) {
    const auto contacts = bucket(index);
    if (contacts.empty()) return;
    ranked.clear();
    for (const PeerRef peer : contacts) {
      ranked.push_back({book_->hash(peer).upper_word() ^ target.upper_word(), peer});
    }
    const std::size_t wanted = std::min(count - out.size(), ranked.size());
    const auto end = ranked.begin() + static_cast<std::ptrdiff_t>(wanted);
    if (end != ranked.end()) std::nth_element(ranked.begin(), end, ranked.end(), before);
    std::sort(ranked.begin(), end, before);
    for (auto at = ranked.begin(); at != end; ++at) out.push_back(at->peer);
  };

  const Hash distance = self().xor_to(target);
  const unsigned end = depth();
  for (unsigned i = 0; i < end && out.size() < count; ++i) {
    if (distance.bit(i)) take(i);
  }
  for (unsigned i = end; i-- > 0 && out.size() < count;) {
    if (!distance.bit(i)) take(i);
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

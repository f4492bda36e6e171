#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "core/table/bucket_store.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/k_bucket.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// Known contacts of one node, arranged by the length of the prefix they share with it: bucket i
/// holds those that share exactly i bits. A view over a BucketStore, cheap to make and to copy.
///
/// Source: Maymounkov & Mazieres, "Kademlia", 2002, sec. 2.2 and 2.4; one bucket a prefix length,
/// as in py-dht, instead of a tree that splits. Invariants: the owner never appears; a contact
/// appears once, in its bucket; a bucket has at most k contacts.
class RoutingTable {
 public:
  /// All three outlive the view.
  RoutingTable(PeerRef owner, const PeerBook& book, BucketStore& store)
      : owner_(owner), book_(&book), store_(&store) {}

  [[nodiscard]] PeerRef owner() const { return owner_; }
  [[nodiscard]] const Hash& self() const { return book_->hash(owner_); }

  /// Sets `out` to the `count` contacts closest to `target`, nearest first; fewer if fewer are
  /// known. `out` may be reused, so that nothing is allocated once it is large enough. The owner is
  /// not among them.
  ///
  /// All buckets of a node are totally ordered by their distance to a target: with d = self xor
  /// target, first those whose bit in d is set, ascending, then those whose bit is clear,
  /// descending. As many of the first as it takes are read, and their contacts sorted together.
  /// O(depth + c log c), c = contacts in the buckets read.
  void closest(const Hash& target, std::size_t count, ContactsByDistance& out) const;
  /// The same, for callers that do not need the distances.
  void closest(const Hash& target, std::size_t count, std::vector<PeerRef>& out) const;

  /// Contacts that share exactly `index` bits with the owner; valid until the table is touched
  /// again.
  [[nodiscard]] std::span<const PeerRef> bucket(unsigned index) const {
    return store_->bucket(owner_, index);
  }
  /// Buckets from this index on are empty.
  [[nodiscard]] unsigned depth() const { return store_->depth(owner_); }
  /// Contacts in all buckets. O(depth).
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] bool contains(PeerRef peer) const;
  /// The bucket that `peer` belongs to. Pre: peer is not the owner.
  [[nodiscard]] unsigned bucket_index(PeerRef peer) const;

  /// Adds or refreshes `peer` (KBucket::add). The owner itself is refused.
  BucketChange add(PeerRef peer);
  /// As above, but a full bucket keeps the k contacts nearest to the owner (py-dht).
  BucketChange add_keeping_closest(PeerRef peer);
  /// Empties every bucket.
  void clear();
  /// Removes `peer`. False if it was not there.
  bool remove(PeerRef peer);

 private:
  PeerRef owner_;
  const PeerBook* book_;
  BucketStore* store_;
};

}  // namespace kadsim

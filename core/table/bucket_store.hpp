#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "core/table/k_bucket.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// Where the buckets of many nodes live: owned one by one, in one block of memory, or derived when
/// read. A routing table is a view over it, so that one Kademlia serves a client on a socket and a
/// network of millions. Not for several threads at once unless an implementation says so.
class BucketStore {
 public:
  virtual ~BucketStore() = default;

  /// Contacts in bucket `index` of `owner`, each once, never `owner`. The span is valid until the
  /// next call of any function of this store.
  [[nodiscard]] virtual std::span<const PeerRef> bucket(PeerRef owner, unsigned index) const = 0;
  /// All buckets of `owner` from this index on are empty.
  [[nodiscard]] virtual unsigned depth(PeerRef owner) const = 0;
  /// Contacts that include the `count` nearest to any target that shares exactly `index` bits with
  /// the owner, or all if there are fewer: those of bucket `index`; if these are too few, those of
  /// all buckets behind it; and those of as many buckets before it as are needed. In any order,
  /// each once. None if that is no cheaper than reading bucket by bucket. Valid as long as a span
  /// above.
  [[nodiscard]] virtual std::optional<std::span<const PeerRef>> around(
      PeerRef /*owner*/, unsigned /*index*/, std::size_t /*count*/) const {
    return {};
  }
  /// The bucket, to be changed: from now on the store keeps a private copy of it.
  virtual KBucket& edit(PeerRef owner, unsigned index) = 0;
};

/// Buckets owned one by one: those of a client on its own, or private copies of changed buckets on
/// top of another store. Finding one is O(1); memory is proportional to what was edited, and a bit
/// for each peer up to the last owner.
class OwnedBuckets final : public BucketStore {
 public:
  explicit OwnedBuckets(unsigned k) : k_(k) {}

  [[nodiscard]] std::span<const PeerRef> bucket(PeerRef owner, unsigned index) const override;
  [[nodiscard]] unsigned depth(PeerRef owner) const override;
  KBucket& edit(PeerRef owner, unsigned index) override { return edit(owner, index, {}); }

  /// The bucket; it is made from `contacts` if it isn't owned yet.
  KBucket& edit(PeerRef owner, unsigned index, std::span<const PeerRef> contacts);
  /// The bucket; null if it isn't owned here.
  [[nodiscard]] const KBucket* find(PeerRef owner, unsigned index) const;
  /// Some bucket of this owner is owned here. O(1) without a lookup, a comparison while no bucket
  /// of any owner is.
  [[nodiscard]] bool owns_any(PeerRef owner) const {
    return !buckets_.empty() && owner.value < owners_.size() && owners_[owner.value];
  }
  [[nodiscard]] unsigned k() const { return k_; }

 private:
  static std::uint64_t key(PeerRef owner, unsigned index) {
    return (static_cast<std::uint64_t>(owner.value) << 16) | index;
  }

  unsigned k_;
  std::unordered_map<std::uint64_t, KBucket> buckets_;  // looked up, never iterated
  std::unordered_map<std::uint32_t, unsigned> depths_;  // likewise
  std::vector<bool> owners_;                            // by peer number
};

}  // namespace kadsim

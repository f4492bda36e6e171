#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/table/peer.hpp"

namespace kadsim {

/// What became of a contact that was offered to a full or not full bucket.
enum class BucketChange : std::uint8_t {
  kAdded,      ///< it is in the bucket now
  kRefreshed,  ///< it was there already, and counts as just seen
  kReplaced,   ///< it took the place of a farther one
  kRefused,    ///< the bucket is full
};

/// Up to k contacts, least recently seen first, each once.
///
/// Source: Maymounkov & Mazieres, "Kademlia", 2002, sec. 2.2.
/// Departure: a full bucket refuses a newcomer without a ping of its oldest contact; failing
/// contacts are removed when an RPC to them fails, which makes room.
class KBucket {
 public:
  /// Pre: k >= 1, contacts.size() <= k, no contact twice.
  explicit KBucket(unsigned k, std::span<const PeerRef> contacts = {});

  [[nodiscard]] std::span<const PeerRef> contacts() const { return contacts_; }
  [[nodiscard]] std::size_t size() const { return contacts_.size(); }
  [[nodiscard]] bool full() const { return contacts_.size() >= k_; }
  [[nodiscard]] bool contains(PeerRef peer) const;

  /// Adds or refreshes; a full bucket keeps what it has. O(k).
  BucketChange add(PeerRef peer);
  /// As py-dht does: a full bucket keeps the k contacts nearest to `owner`. O(k).
  BucketChange add_keeping_closest(PeerRef peer, const Hash& owner, const PeerBook& book);
  void clear() { contacts_.clear(); }
  /// Removes the contact. False if it was not in the bucket. O(k).
  bool remove(PeerRef peer);

 private:
  unsigned k_;
  std::vector<PeerRef> contacts_;
};

}  // namespace kadsim

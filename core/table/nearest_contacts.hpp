#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/hash/hash.hpp"
#include "core/table/contacts_by_distance.hpp"
#include "core/table/near_contact.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// Contacts that are to be put in the order of their distance to a target, a few at a time.
///
/// O(n^2) for n contacts, which for so few is faster than sorting: the place of a contact is the
/// number of nearer ones, counted without a branch, several at a time. Lives on the stack.
class UnsortedContacts {
 public:
  static constexpr std::size_t kMost = 64;

  /// Both outlive it.
  UnsortedContacts(const PeerBook& book, const Hash& target) : book_(book), target_(target) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Pre: no contact twice; at most kMost with those that are there.
  void add(std::span<const PeerRef> contacts) {
    const std::uint64_t target = target_.upper_word();
    std::size_t at = size_;
    std::uint64_t either = 0;
    std::uint64_t both = ~std::uint64_t{0};
    for (const PeerRef contact : contacts) {
      const std::uint64_t distance = book_.upper_word(contact) ^ target;
      peers_.each[at] = contact;
      distances_[at++] = distance;
      either |= distance;
      both &= distance;
    }
    size_ = at;
    either_ |= either;
    both_ &= both;
  }
  /// Appends the `count` nearest to `out`, nearest first, and forgets all. Pre: count <= size().
  void move_nearest(std::size_t count, ContactsByDistance& out);

 private:
  static constexpr std::size_t kPadding = 8;

  // Not filled to begin with, which would cost as much as sorting.
  union Peers {
    Peers() {}
    PeerRef each[kMost];
  };

  const PeerBook& book_;
  const Hash& target_;
  std::size_t size_ = 0;
  std::uint64_t either_ = 0;                // bits that some distance has,
  std::uint64_t both_ = ~std::uint64_t{0};  // and that all have
  Peers peers_;                             // up to size_, as are the distances
  std::uint64_t distances_[kMost + kPadding];
};

/// Appends to `out` the `count` contacts nearest to `target`, nearest first; all of them if there
/// are no more. Pre: no contact twice. For any number of contacts, O(n log n).
void append_nearest(std::span<const PeerRef> contacts, const PeerBook& book, const Hash& target,
                    std::size_t count, ContactsByDistance& out);

}  // namespace kadsim

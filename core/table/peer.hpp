#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <vector>

#include "core/base/prefetch.hpp"
#include "core/hash/hash.hpp"

namespace kadsim {

/// A peer as core knows it: an opaque number that a `PeerBook` turns into a hash. What else belongs
/// to a peer (an address, a place in a simulated network) is known only where the number was made.
struct PeerRef {
  std::uint32_t value = 0xffffffffU;  ///< the default names no peer

  constexpr auto operator<=>(const PeerRef&) const = default;
};

inline constexpr PeerRef kNoPeer{};

/// Hashes of all peers that any node has heard of. A number, once given, keeps its hash.
class PeerBook {
 public:
  PeerBook() = default;
  /// Peer i gets hashes[i].
  explicit PeerBook(std::vector<Hash> hashes);

  /// `peer` was given by this book.
  [[nodiscard]] const Hash& hash(PeerRef peer) const { return hashes_[peer.value]; }
  /// hash(peer).upper_word(). Kept apart, since most comparisons need no more: a quarter of the
  /// memory to touch.
  [[nodiscard]] std::uint64_t upper_word(PeerRef peer) const { return upper_words_[peer.value]; }
  /// hash(peer).shared_upper_bits(target), which needs no more than the upper word unless it is
  /// the target's.
  [[nodiscard]] unsigned shared_upper_bits(PeerRef peer, const Hash& target) const {
    const std::uint64_t differing = upper_word(peer) ^ target.upper_word();
    return differing != 0 ? static_cast<unsigned>(std::countl_zero(differing))
                          : hash(peer).shared_upper_bits(target);
  }
  /// nearer(target, hash(a), hash(b)), which likewise needs no more than the upper words unless
  /// they are equal.
  [[nodiscard]] bool nearer(const Hash& target, PeerRef a, PeerRef b) const {
    const std::uint64_t upper_a = upper_word(a);
    const std::uint64_t upper_b = upper_word(b);
    return upper_a != upper_b ? (upper_a ^ target.upper_word()) < (upper_b ^ target.upper_word())
                              : kadsim::nearer(target, hash(a), hash(b));
  }
  /// These prefetch the memory of a hash, and of its upper word.
  void prefetch_hash(PeerRef peer) const { prefetch(&hashes_[peer.value]); }
  void prefetch_upper_word(PeerRef peer) const { prefetch(&upper_words_[peer.value]); }
  [[nodiscard]] std::size_t size() const { return hashes_.size(); }
  /// Whether there are so many peers that their upper words alone do not fit into a second-level
  /// cache.
  [[nodiscard]] bool is_large() const { return hashes_.size() > kSmall; }
  /// The hashes of peers 0, 1, 2, ...
  [[nodiscard]] const std::vector<Hash>& hashes() const { return hashes_; }

  PeerRef add(const Hash& hash);

 private:
  static constexpr std::size_t kSmall = 65'536;

  std::vector<Hash> hashes_;
  std::vector<std::uint64_t> upper_words_;
};

}  // namespace kadsim

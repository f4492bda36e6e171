#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "core/base/huge_page_array.hpp"
#include "core/base/prefetch.hpp"
#include "core/hash/hash.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// A range of ranks [first, last): all nodes of one subtree of the identifier space.
struct RankRange {
  std::uint32_t first = 0;
  std::uint32_t last = 0;

  [[nodiscard]] std::uint32_t size() const { return last - first; }
  [[nodiscard]] bool empty() const { return first == last; }
  [[nodiscard]] bool contains(std::uint32_t rank) const { return rank >= first && rank < last; }
  bool operator==(const RankRange&) const = default;
};

/// A subtree of the identifier space: the hashes that share their upper `depth` bits.
struct Subtree {
  RankRange ranks;
  unsigned depth = 0;
  std::uint64_t path =
      0;  ///< these bits, from the most significant on; only the first 64, the rest 0
};

struct Halves {
  Subtree zeros;
  Subtree ones;
};

/// Subtrees of a sorted array of hashes. Nodes are numbered by rank, so every subtree of the
/// identifier space is a contiguous range, and halving one means finding where the next bit turns
/// from 0 to 1.
///
/// For the upper bits that is one lookup in a table of the first rank of each prefix of P bits (P =
/// log2 n, rounded up: 4 to 8 bytes a node); below, where a handful of nodes are left, a binary
/// search. Immutable once made; safe from any thread; moves, but isn't copied. The book outlives
/// the index; peers added to it later are not part of it.
class RankIndex {
 public:
  RankIndex() = default;
  /// Over all peers of `book`. Pre: sorted by hash, no hash twice, fewer than 2^32 - 1 of them.
  /// O(n).
  explicit RankIndex(const PeerBook& book);

  /// The whole identifier space.
  [[nodiscard]] Subtree all() const { return {{0, size_}, 0, 0}; }
  [[nodiscard]] const Hash& hash(std::uint32_t rank) const { return book_->hash({rank}); }
  [[nodiscard]] std::uint32_t size() const { return size_; }

  /// The two halves of a subtree. One of them may be empty, and both are if the subtree is.
  [[nodiscard]] Halves halves(const Subtree& subtree) const;
  /// All nodes that share their upper `depth` bits with `hash`, depth <= 256; may be empty. O(1)
  /// down to about log2 n bits, below that O(log of the few that are left).
  [[nodiscard]] Subtree subtree(const Hash& hash, unsigned depth) const;
  /// Asks for the memory that `subtree` will touch, also for the subtree next to this one.
  void prefetch_subtree(const Hash& hash, unsigned depth) const {
    const unsigned above = std::clamp(depth, 1U, prefix_bits_);
    const std::uint64_t prefix = hash.upper_word() >> (64 - above);
    kadsim::prefetch(&starts_[prefix << (prefix_bits_ - above)]);
    kadsim::prefetch(&starts_[(prefix + 1) << (prefix_bits_ - above)]);
    kadsim::prefetch(&starts_[(prefix ^ 1) << (prefix_bits_ - above)]);
  }
  /// Cuts a subtree that is not empty into the 2^levels subtrees `levels` below it: piece i is the
  /// ranks [bounds[i], bounds[i + 1]). Pre: 2^levels + 1 bounds. O(2^levels), as above.
  void cut(const Subtree& subtree, unsigned levels, std::span<std::uint32_t> bounds) const;

  /// First rank whose hash is not below `hash`; size() if there is none. O(log n), in practice
  /// O(1).
  [[nodiscard]] std::uint32_t lower_bound(const Hash& hash) const;

 private:
  const PeerBook* book_ = nullptr;
  std::uint32_t size_ = 0;
  unsigned prefix_bits_ = 0;
  HugePageArray<std::uint32_t> starts_;  // [p]: first rank whose upper prefix_bits_ bits are >= p
};

}  // namespace kadsim

#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// The nodes that joined a network after time 0, in the order of their hashes. Those in a subtree
/// of the identifier space are one range, which two binary searches find: what `RankIndex` is for
/// the nodes of time 0, for nodes that come one by one.
///
/// Complexity, with j joiners: a node is added in O(log j) comparisons, and moves the 4 bytes of
/// each joiner with a greater hash; with 100,000 joiners that is some 200 kB. Searching is
/// O(log j). 4 bytes a joiner. A span is valid until the next node is added.
class Joiners {
 public:
  /// `book` outlives the joiners, and knows all of them.
  explicit Joiners(const PeerBook& book) : book_(&book) {}

  /// Pre: no joiner has the hash of `peer`.
  void add(PeerRef peer);

  [[nodiscard]] bool empty() const { return sorted_.empty(); }
  [[nodiscard]] std::span<const PeerRef> all() const { return sorted_; }
  /// The joiner with this hash.
  [[nodiscard]] std::optional<PeerRef> find(const Hash& hash) const;
  /// All joiners that share their upper `depth` bits with `hash`, depth <= 256.
  [[nodiscard]] std::span<const PeerRef> subtree(const Hash& hash, unsigned depth) const;

  struct Halves {
    std::span<const PeerRef> zeros;
    std::span<const PeerRef> ones;
  };
  /// The two halves of a subtree of this depth, depth < 256: those whose next bit is 0, and those
  /// whose next bit is 1.
  [[nodiscard]] Halves halves(std::span<const PeerRef> subtree, unsigned depth) const;

 private:
  const PeerBook* book_;
  std::vector<PeerRef> sorted_;  // by hash
};

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/hash/hash.hpp"
#include "core/random/probability.hpp"
#include "core/random/random_stream.hpp"
#include "core/table/peer.hpp"
#include "sim/world/identity_options.hpp"
#include "sim/world/joiners.hpp"
#include "sim/world/node_groups.hpp"
#include "sim/world/rank_index.hpp"
#include "sim/world/setup_progress.hpp"

namespace kadsim {

/// The nodes of a network: their hashes, their birth numbers, and which of them answer.
///
/// The nodes of time 0 are numbered in the order of their hashes: peer number = rank, so that every
/// subtree is a contiguous range (`RankIndex`). Nodes that join later get the next numbers, and are
/// kept in the order of their hashes besides (`Joiners`). The birth number says in which order
/// nodes were named; random draws are keyed by it, never by rank.
class Population {
 public:
  /// `nodes` nodes: first those with chosen identities, if there are any, then nodes named by the
  /// rule of the design, each with the name of its birth number. Named and sorted by all cores of
  /// the caller's TBB arena, with the same result on any number of them. A node, chosen or not, is
  /// unreachable with the given probability, drawn by its birth number. `progress`, if given, is
  /// told how far it is. 44 to 48 bytes a node, and up to 72 while it is made. O(n log n).
  /// A node whose group has a probability of its own takes that, with the same draw.
  /// Throws InputError if identities are chosen that no network of this size can have, or twice
  /// (chosen_identities, require_generated_are_new).
  Population(std::uint64_t nodes, std::uint64_t seed, std::uint32_t replica,
             Probability unreachable, SetupProgress* progress = nullptr,
             const IdentityOptions& identities = {}, NodeGroups groups = {});
  /// Nodes with these hashes, born in this order, all reachable: for networks made by hand. Pre: no
  /// hash twice.
  explicit Population(const std::vector<Hash>& hashes);

  Population(const Population&) = delete;
  Population& operator=(const Population&) = delete;

  [[nodiscard]] const PeerBook& book() const { return book_; }
  [[nodiscard]] const Hash& hash(PeerRef peer) const { return book_.hash(peer); }
  [[nodiscard]] const RankIndex& ranks() const { return ranks_; }
  /// Nodes in all, joiners included.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(book_.size()); }
  /// Nodes of time 0: the peers with numbers below this.
  [[nodiscard]] std::uint32_t initial() const { return initial_; }

  [[nodiscard]] std::uint32_t birth(PeerRef peer) const { return births_[peer.value]; }
  /// Asks for the memory of the birth number and of whether the node answers.
  void prefetch_birth(PeerRef peer) const {
    prefetch(&births_[peer.value]);
    if (!all_reachable()) prefetch(&reachable_[peer.value / 64]);
  }
  /// Pre: birth < size().
  [[nodiscard]] PeerRef born(std::uint32_t birth) const { return {by_birth_[birth]}; }
  /// The node with this hash, of time 0 or joined. O(log n), in practice O(log joiners).
  [[nodiscard]] std::optional<PeerRef> find(const Hash& hash) const;

  /// Whether this node answers. Unreachable nodes stand in routing tables but never answer, and the
  /// true answer of a lookup leaves them out.
  [[nodiscard]] bool reachable(PeerRef peer) const {
    return all_reachable() || ((reachable_[peer.value / 64] >> (peer.value % 64)) & 1) != 0;
  }
  /// The groups that the nodes of time 0 are in; none by default.
  [[nodiscard]] const NodeGroups& groups() const { return groups_; }
  /// How many nodes answer, joiners included.
  [[nodiscard]] std::uint32_t reachable_count() const { return reachable_count_; }

  /// Adds a node after time 0; its birth number is the next. Pre: no node has this hash. O(1) on
  /// average, and what `Joiners::add` takes.
  PeerRef join(const Hash& hash);
  /// The nodes that joined.
  [[nodiscard]] const Joiners& joiners() const { return joiners_; }

 private:
  [[nodiscard]] bool all_reachable() const { return reachable_count_ == size(); }
  void number_by_rank(std::span<const Hash> by_birth, SetupProgress* progress);
  void draw_unreachable(Probability unreachable, const RandomStream& stream);

  PeerBook book_;
  RankIndex ranks_;
  NodeGroups groups_;
  std::vector<std::uint32_t> births_;     // by peer number
  std::vector<std::uint32_t> by_birth_;   // inverse of births_
  std::vector<std::uint64_t> reachable_;  // bit p % 64 of word p / 64: of peer p
  Joiners joiners_{book_};
  std::uint32_t initial_ = 0;
  std::uint32_t reachable_count_ = 0;
};

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/base/slot_pool.hpp"
#include "core/resource/resource_options.hpp"
#include "core/resource/token_bucket.hpp"

namespace kadsim {

/// The owners that a leaf is charged to, by slot. Along one path: from the leaf upwards.
using Route = std::vector<std::uint32_t>;

/// An edge as seen from below.
struct Link {
  std::uint32_t owner = 0;
  EdgePriority priority;

  bool operator==(const Link&) const = default;
};
using Links = std::vector<Link>;

/// Ranks are sorted in eviction order: lowest priority first, then newest first.
struct Rank {
  PathPriority priority;
  std::uint64_t sequence = 0;

  bool operator<(const Rank& other) const {
    return priority != other.priority ? priority < other.priority : sequence > other.sequence;
  }
};

/// The account of one owner for one class.
struct Account {
  ResourceClass resource_class;
  bool limited = false;
  Limit limit;
  Units used = 0;             ///< stock: held by all leaves charged here
  Units fixed = 0;            ///< the part of it that is charged kAll
  std::uint32_t singles = 0;  ///< leaves directly below with no other owner, charged kOne
  TokenBucket bucket;         ///< rate, if limited
};

/// A leaf in the list of one of its owners. Lists are sorted by class; within a class the leaves
/// with several owners come first, then the others in eviction order.
struct LeafKey {
  ResourceClass resource_class;
  bool alone = false;
  EdgePriority priority;
  std::uint64_t sequence = 0;
  std::uint32_t slot = 0;

  bool operator<(const LeafKey& other) const;
};

struct OwnerNode {
  std::uint32_t generation = 1;
  bool live = false;
  bool under_placeholder = false;  ///< or the placeholder itself
  Charging charging = Charging::kOne;
  bool charges_above = true;
  std::string name;
  Links owners;  ///< oldest first
  std::set<std::uint32_t> owned_owners;
  std::set<LeafKey> leaves;
  std::vector<Account> accounts;  ///< by class
  PathPriority priority;          ///< highest product over its paths
  ResourceListener* listener = nullptr;
  std::uint64_t tag = 0;
  LifetimeId lifetime;  ///< made when asked for
};

struct LeafNode {
  std::uint32_t generation = 1;
  bool live = false;
  bool active = true;
  bool all = false;          ///< at least one owner charges kAll
  bool charged = false;      ///< units are taken: of a stock along `route`, of a rate for good
  bool charged_all = false;  ///< how
  ResourceClass resource_class;
  Units units = 0;
  std::uint64_t sequence = 0;
  Links owners;
  Route route;
  ResourceListener* listener = nullptr;
  std::uint64_t tag = 0;
  LifetimeId lifetime;
  LifetimeId within;
};

/// What is known of a class as a whole.
struct ClassBooks {
  ClassKind kind = ClassKind::kStock;
  std::map<Units, std::uint32_t> sizes;  ///< charged leaves by their units
  std::uint32_t charged = 0;             ///< how many those are
  std::uint32_t charged_all = 0;         ///< and of them, charged kAll
  std::set<std::uint32_t> several;       ///< leaves with several owners, charged kOne or not at all
};

/// The vertices, edges and accounts. It keeps its indexes in agreement with each other, and decides
/// nothing. Vertices are named by slots, which are used again after their vertex has ended.
///
/// Invariants: owners[].owned_owners and .leaves mirror the links; `used` is the sum over leaves
/// whose route holds the owner; no cycle (the caller makes sure of it with `stands_above`).
class OwnershipGraph {
 public:
  static constexpr std::uint32_t kRoot = 0;
  static constexpr std::uint32_t kPlaceholder = 1;

  SlotPool<OwnerNode> owners;
  SlotPool<LeafNode> leaves;
  std::vector<ClassBooks> classes;
  std::uint64_t next_sequence = 1;

  /// Without links yet.
  std::uint32_t make_owner(const OwnerOptions& options);
  std::uint32_t make_leaf(const ResourceOptions& options);
  /// Undoes the latest make_leaf as if it had not been. Pre: no links, not charged.
  void unmake_leaf(std::uint32_t leaf);
  /// Pre: no links, nothing owned or charged.
  void end_owner(std::uint32_t owner);
  void end_leaf(std::uint32_t leaf);

  void link_owner(std::uint32_t owner, Links links);
  void link_leaf(std::uint32_t leaf, Links links);
  /// Computes anew, for `owner` and everything below it, the effective priorities and whether it
  /// stands under the placeholder.
  void refresh(std::uint32_t owner);

  /// Is `above` the same as `owner` or reachable from it upwards? O(owners above).
  [[nodiscard]] bool stands_above(std::uint32_t above, std::uint32_t owner) const;
  /// The owners that a leaf with these links is charged to under kAll, each once.
  [[nodiscard]] Route all_charged(const Links& links) const;
  /// All owners above, each once; nearest first.
  [[nodiscard]] Route all_above(const Links& links) const;
  /// `owner` and the owners below it, each after all that are above it there.
  [[nodiscard]] std::vector<std::uint32_t> owners_below(std::uint32_t owner) const;
  /// All leaves below an owner, or the leaf itself.
  [[nodiscard]] std::set<std::uint32_t> leaves_below(VertexId vertex) const;
  /// The edges to the vertex's owners.
  [[nodiscard]] const Links& links(VertexId vertex) const {
    return vertex.is_owner() ? owners[vertex.slot].owners : leaves[vertex.slot].owners;
  }
  /// Whether a vertex with these owners is under the placeholder. Pre: at least one owner.
  [[nodiscard]] bool under_placeholder(const Links& links) const {
    return owners[links.front().owner].under_placeholder;
  }

  [[nodiscard]] PathPriority priority(const Links& links) const;
  [[nodiscard]] Rank rank(std::uint32_t leaf) const;
  [[nodiscard]] bool is_rate(ResourceClass resource_class) const {
    return classes[resource_class.number].kind == ClassKind::kRate;
  }
  /// Vertices with several owners. While there are none, a leaf has one path and no other.
  [[nodiscard]] std::size_t vertices_with_several_owners() const { return several_; }

  /// Is there an owner with `charges_above` false?
  [[nodiscard]] bool any_apart() const { return apart_ > 0; }

  [[nodiscard]] const Account* find_account(std::uint32_t owner, ResourceClass c) const;
  Account& account(std::uint32_t owner, ResourceClass c);

  /// Charges the leaf's units to every owner on the route; `all` tells whether as kAll or along one
  /// path.
  void charge(std::uint32_t leaf, Route route, bool all, SimTime now);
  /// Gives them back, unless they are of a rate.
  void uncharge(std::uint32_t leaf);

  /// Asserts all of the above. O(all).
  void check() const;

 private:
  void index(std::uint32_t leaf);
  void unindex(std::uint32_t leaf);
  [[nodiscard]] LeafKey key(std::uint32_t leaf, EdgePriority priority) const;

  std::size_t several_ = 0;
  std::size_t apart_ = 0;
};

}  // namespace kadsim

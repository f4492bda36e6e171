#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/node_scheduler.hpp"
#include "core/resource/resource_options.hpp"

namespace kadsim {

class ResourceEngine;

/// Decides how much of each scarce resource of one node an owner may hold, which leaves are revoked
/// for others, and which callers wait.
///
/// Source: the resource manager proposed in libp2p/libp2p issue 635 (jhiesey, 2019);
/// `Charging::kAll` and shares are go-libp2p's (rcmgr). What 635 leaves open is decided below.
///
/// Owners and resources are vertices of a directed acyclic graph with the manager's root at the
/// top; a vertex may have several owners, an edge has a priority. Resources are leaves: units of
/// one class. An owner may have a limit a class.
///
/// Charging. A leaf all of whose owners charge kOne is charged along one path to the root: one
/// effective owner at each step, found among those with room, higher edge priority first, then
/// older edge. A leaf with an owner that charges kAll is charged once to each owner above it. A
/// path, or the way up, ends early at an owner with `charges_above` false. No owner is ever charged
/// more than its limit, nor more than kUnlimited.
///   With equal units of all charged leaves of a class, a leaf is placed whenever there is a way to
/// place it together with all that are charged already, moving those to other paths if need be (by
/// maximum flow); otherwise by a search that moves at most kMaxRehomed leaves one by one, which
/// may miss a way. Leaves charged kAll have no choice and stay.
///   A rate leaf takes its units once from the token buckets along its path when it is first
/// charged. Nothing is given back, moving it takes nothing more, and it is never revoked for room.
///
/// Revoking (add_resource, move_resource, set_limit; never for a share below 256). Effective
/// priority of a leaf: the highest product of edge priorities over all its paths to the root,
/// compared exactly; among equals, the newest (created last; a waiter: admitted last) ranks lowest.
/// A newcomer may only displace leaves of its class that rank strictly below it by priority.
///   Equal units: the lowest leaf whose removal makes the newcomer fit. For several newcomers, or a
/// lowered limit, the set of victims is the lowest that does (the complement of a maximum-weight
/// basis of the gammoid of leaves linked to the root), one for each unit that lacks. This holds
/// where all leaves of the class are charged kOne; where some are charged kAll, for one newcomer
/// for which one victim is enough.
///   Otherwise: lowest first among the leaves charged to a full owner on the newcomers' paths (at a
/// lowered limit: to its owner) until all fit; then, from the highest victim down, each that fits
/// beside the newcomers is spared.
///   All victims end together or, if the newcomer would still not fit, none. Owners above stay.
///
/// Waiting. See add_with_deadline.
///
/// Under the placeholder owner nothing is charged. A vertex directly under it has no other owner,
/// nothing below it has an owner outside, and a leaf there is not active. Out of it leads a move,
/// which charges the whole subtree, and then `activate`.
///
/// Lifetimes. A vertex has a lifetime, which ends with it; `derive` makes one that ends with it or
/// by `end`, whichever is first. Leaves that were added `within` a lifetime are revoked
/// (kLifetimeEnded) when it ends.
///
/// Every call is refused or done as a whole; a refused one changes nothing. Listeners are called at
/// the end of the call that caused it, see ResourceListener.
///
/// Cost. Adding and ending a leaf where there is room: O(owners above + log leaves of its owner).
/// Moving: the same for each leaf that moves. Where there is no room: at least O(owners), and a
/// flow over owners and leaves with several of them for each victim. A call that may make room
/// tries all w waiters: O(w log w), and an admission for each; a call that only adds or removes a
/// waiter costs O(w). Single-threaded. A manager without waiters has no event scheduled.
class ResourceManager {
 public:
  static constexpr std::uint32_t kMaxRehomed = 64;
  /// After so many admissions of later waiters a waiter becomes urgent, see add_with_deadline.
  static constexpr std::uint32_t kMaxPassedOver = 8;

  /// Its events are those of the node whose view `scheduler` is.
  explicit ResourceManager(NodeScheduler scheduler);
  /// No listener is called, and waiters are forgotten.
  ~ResourceManager();
  ResourceManager(const ResourceManager&) = delete;
  ResourceManager& operator=(const ResourceManager&) = delete;

  /// The three owners that are there from the start; the latter two stand directly under the root.
  [[nodiscard]] OwnerId root() const;
  /// See "Under the placeholder owner" above. It takes no limits.
  [[nodiscard]] OwnerId placeholder_owner() const;
  /// For resources that are needed before their service is known: give it limits, and move the
  /// resources that stay to their service.
  [[nodiscard]] OwnerId temporary_owner() const;

  /// A user's own class.
  ResourceClass define_class(ClassKind kind);

  AddedOwner add_owner(OwnerId above, const OwnerOptions& options);

  /// A new leaf under `owner`; may revoke.
  AddedResource add_resource(OwnerId owner, const ResourceOptions& options);
  /// The same, but it fails at once rather than revoke.
  AddedResource try_add(OwnerId owner, const ResourceOptions& options);
  /// The same, but waits until `deadline` for room, and never revokes. The leaf is held at once if
  /// it fits and no waiter holds it back; otherwise, if `deadline` <= now, it is refused at once
  /// (kDeadline).
  ///
  /// Whenever something was given back or a limit raised, and when a bucket has what a waiter
  /// needs, waiters are tried by effective priority, then first come, first served; a waiter that
  /// does not fit is passed over. Aging: a waiter that was passed over by kMaxPassedOver waiters
  /// that came later and were charged to an owner above it with a limit, is *urgent*. Urgent
  /// waiters are tried first, oldest first, and while one of them does not fit, no waiter is
  /// admitted that came later and shares an owner with a limit with it. Callers of add_resource and
  /// moves do not queue. At its deadline tick a waiter is refused, even if there is room by then
  /// that it was not given before. Its listener hears by on_wait_over, and never from within this
  /// call.
  AddedOrWaiting add_with_deadline(OwnerId owner, const ResourceOptions& options, SimTime deadline);
  /// The waiter is forgotten, and its listener is not told.
  Refusal cancel_wait(WaiterId waiter);

  /// Adds an owner to a vertex that exists. The first revokes for room, the second does not.
  Changed add_resource(OwnerId owner, VertexId what, EdgePriority priority);
  Changed try_add(OwnerId owner, VertexId what, EdgePriority priority);
  /// From now on `owner` alone owns `what`; may revoke. All that is below `what` moves with it, and
  /// is charged in its new place in one step: at no moment in both places or in neither.
  Changed move_resource(VertexId what, OwnerId owner, EdgePriority priority = {});
  /// The same without revoking.
  Changed try_move_resource(VertexId what, OwnerId owner, EdgePriority priority = {});
  /// The same to several owners.
  Changed try_move_resource(VertexId what, std::span<const OwnerEdge> owners);
  /// `owner` no longer owns `what`. If it was the last owner, `what` is destroyed. Refused with
  /// kOverLimit if a leaf was charged by way of `owner` and fits nowhere else.
  Changed drop_owner(OwnerId owner, VertexId what);
  /// Changes the units of a leaf. Growing is refused unless there is room; `share` is that of
  /// ResourceOptions. Stock classes only (else kUnknownClass).
  Changed try_resize(ResourceId what, Units units, std::uint32_t share = 256);

  /// Ends the vertex, and every vertex that is left without an owner. Refused with kOverLimit if a
  /// leaf below was charged by way of it, has another owner, and fits nowhere else.
  Changed destroy(VertexId what);
  /// The caller reports that the resource has come to its end by itself.
  Refusal lost(ResourceId what);
  /// From now on `what`, which was moved out of the placeholder, and all below it are in use.
  Refusal activate(VertexId what);

  /// A lowered limit revokes until what is left fits; 0 is a limit too. Units not given: see Limit.
  Refusal set_limit(OwnerId owner, ResourceClass resource_class, Limit limit);
  Refusal remove_limit(OwnerId owner, ResourceClass resource_class);

  /// The vertex' own lifetime; {} if there is no such vertex.
  LifetimeId lifetime(VertexId what);
  /// {} if `from` is over or a handler asks.
  LifetimeId derive(LifetimeId from);
  /// Ends a derived lifetime, those derived from it, and the resources within.
  Refusal end(LifetimeId lifetime);
  [[nodiscard]] bool alive(LifetimeId lifetime) const;

  // Questions. They are about vertices that exist; a vertex that has ended has no owners, and so
  // on.

  [[nodiscard]] bool exists(VertexId what) const;
  [[nodiscard]] bool active(ResourceId what) const;
  [[nodiscard]] std::string_view owner_name(OwnerId owner) const;
  [[nodiscard]] std::vector<OwnerEdge> owners(VertexId what) const;  ///< oldest edge first
  /// What `owner` owns directly: its owners by slot, then leaves by class and priority.
  [[nodiscard]] std::vector<VertexId> owned(OwnerId owner) const;
  [[nodiscard]] ResourceClass resource_class(ResourceId what) const;
  [[nodiscard]] Units units(ResourceId what) const;
  /// The owners that the leaf is charged to: its effective owners from below, or (kAll) all above
  /// it.
  [[nodiscard]] std::vector<OwnerId> charged_to(ResourceId what) const;
  [[nodiscard]] PathPriority effective_priority(VertexId what) const;
  [[nodiscard]] std::optional<Limit> limit(OwnerId owner, ResourceClass resource_class) const;
  /// Stock: units held. Rate: whole units missing from the bucket, 0 without a limit.
  [[nodiscard]] Units used(OwnerId owner, ResourceClass resource_class) const;
  [[nodiscard]] std::size_t waiting() const;
  /// All owners and resources, line by line: to compare, and for people to read.
  [[nodiscard]] std::string text() const;
  /// Counts everything anew and asserts that the accounts agree. O(all).
  void check() const;

 private:
  std::unique_ptr<ResourceEngine> engine_;
};

}  // namespace kadsim

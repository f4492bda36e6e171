#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/event/node_scheduler.hpp"
#include "core/resource/go_libp2p/allowlist.hpp"
#include "core/resource/go_libp2p/limits.hpp"
#include "core/resource/go_libp2p/scope_accounts.hpp"
#include "core/resource/go_libp2p/scope_refusal.hpp"
#include "core/resource/go_libp2p/scope_table.hpp"

namespace kadsim::go_libp2p {

/// A new scope, or why there is none.
using Opened = std::variant<ScopeId, ScopeRefusal>;

struct ConnectionOptions {
  Direction direction = Direction::kOutbound;
  bool uses_fd = true;
  std::string endpoint{};  ///< for the allowlist; an empty one is never on it
};

/// go-libp2p's resource manager: it limits the connections, streams, descriptors and bytes of
/// scopes.
///
/// Source: go-libp2p, p2p/host/resource-manager (rcmgr.go, scope.go) at commit 0d902925; the table
/// "As go-libp2p has it" in docs/resources.md says where we depart, and why.
///
/// A scope has limits, and is charged for what is held within it. What a connection or stream holds
/// is charged to it and to all of its scopes:
///
///   connection           transient, system; once its peer is known: peer, system
///   stream               peer, transient, system; with its protocol: peer, protocol's peer,
///                        protocol, system; with its service also: service's peer, service
///   peer, protocol, service, transient      (what is held in them directly:) system
///   protocol's peer, service's peer         nothing else
///
/// A call is granted if every scope has room, and else refused at once: no caller waits, nothing is
/// revoked, and a refused call leaves everything as it was. The refusal names the first scope
/// without room: its own scope first, then the others in the order above; and within that scope the
/// first limit, in the order direction, total, descriptors.
///
/// A span is a scope within another, with its limits, charged to it and to all that it is charged
/// to. When a scope is done all that it holds is given back, and everything within it is closed.
///
/// The scopes are owners of a ResourceManager that charges all above, and what is held are its
/// resources. Peers charge nothing above by themselves, as an allowlisted connection is charged to
/// its peer but not to system.
///
/// Peer and protocol scopes without references (connections, streams and spans refer to them, and
/// each call of `refer` counts until `let_go`) are collected at the first whole minute since the
/// manager was made after they fell out of use; the memory that they hold is given back. Scopes
/// that were given limits by `set_limits` are not collected. No event is scheduled while there is
/// nothing to collect. Services stay.
///
/// Cost: O(scopes charged) graph calls for each call here, and O(log names) to find a scope.
/// Single-threaded.
class ScopeManager : private ResourceListener {
 public:
  static constexpr Duration kCollectEvery = Duration::seconds(60);

  /// Its events are those of the node whose view `scheduler` is.
  ScopeManager(NodeScheduler scheduler, ConcreteLimitConfig limits);
  ~ScopeManager() override;
  ScopeManager(const ScopeManager&) = delete;
  ScopeManager& operator=(const ScopeManager&) = delete;

  // Scopes that exist from the start, or are made when they are first asked for.
  [[nodiscard]] ScopeId system() const { return system_; }
  [[nodiscard]] ScopeId transient() const { return transient_; }
  [[nodiscard]] ScopeId allowlisted_system() const { return allowlisted_system_; }
  [[nodiscard]] ScopeId allowlisted_transient() const { return allowlisted_transient_; }
  ScopeId service(std::string_view name);
  ScopeId protocol(std::string_view name);
  ScopeId peer(std::string_view name);
  /// A peer's part of a service or protocol; {} if no stream of its ever asked for it.
  [[nodiscard]] ScopeId part_of_peer(ScopeId service_or_protocol, ScopeId peer) const;
  /// Names of the scopes there are now, sorted.
  [[nodiscard]] std::vector<std::string> services() const;
  [[nodiscard]] std::vector<std::string> protocols() const;
  [[nodiscard]] std::vector<std::string> peers() const;

  /// One connection of that direction, and a descriptor if it uses one. If the ordinary scopes have
  /// no room and its endpoint is on the allowlist, those of the allowlist are tried.
  Opened open_connection(const ConnectionOptions& options);
  /// One stream with that peer. The peer's connections are not looked at.
  Opened open_stream(std::string_view peer, Direction direction);

  /// The next three move a scope, with all it holds, as one step. An allowlisted connection that
  /// turns out to be of a peer that is not allowed there has to fit into the ordinary scopes,
  /// transient among them, else it is refused and stays where it was.
  Outcome set_peer(ScopeId connection, std::string_view peer);
  Outcome set_protocol(ScopeId stream, std::string_view protocol);
  Outcome set_service(ScopeId stream, std::string_view service);

  /// Ends a connection, a stream or a span. Nothing happens if it has ended.
  void done(ScopeId scope);

  /// Bytes held directly in `scope`.
  Outcome reserve_memory(ScopeId scope, std::int64_t bytes,
                         MemoryPriority priority = MemoryPriority::kAlways);
  /// Nothing happens if the scope has ended. Pre: 0 <= bytes <= those held directly in it.
  void release_memory(ScopeId scope, std::int64_t bytes);
  Opened begin_span(ScopeId scope);

  /// Keeps a scope from being collected, until `let_go` was called as often. Pre: it is alive.
  void refer(ScopeId scope);
  void let_go(ScopeId scope);

  /// Other limits from now on; spans keep those they began with. What is held stays held if it is
  /// more, and nothing else comes in until it fits. Nothing happens if the scope has ended.
  void set_limits(ScopeId scope, const Limits& limits);

  [[nodiscard]] Allowlist& allowlist() { return allowlist_; }

  [[nodiscard]] bool alive(ScopeId scope) const { return table_.find(scope) != nullptr; }
  /// What is charged to a scope; nothing once it has ended.
  [[nodiscard]] PerKind<std::int64_t> usage(ScopeId scope) const;
  /// Pre of these two: it is alive.
  [[nodiscard]] const Limits& limits(ScopeId scope) const;
  /// As go-libp2p names it: "system", "service:S.peer:ID", "conn-7", "stream-3.span-1".
  [[nodiscard]] std::string name(ScopeId scope) const;

  /// The graph below, to look at.
  [[nodiscard]] const ResourceManager& graph() const { return accounts_.graph(); }

 private:
  using ByName = std::map<std::string, ScopeId, std::less<>>;

  ScopeId find_or_add(ByName& scopes, std::string_view name, ScopeType type, NamedSection section);
  ScopeId part_for(ScopeId service_or_protocol, ScopeId peer, NamedSection section);
  ScopeId add_connection(const ConnectionOptions& options, bool allowlisted);
  /// Opens the account of a scope and gives it its id.
  ScopeId add(Scope scope, std::span<const OwnerId> above, bool charges_above = true);
  void end(ScopeId id);

  [[nodiscard]] Scope& at(ScopeId id);
  [[nodiscard]] const Scope& at(ScopeId id) const;
  /// A span has ended with what it was within.
  void on_ended(VertexId what, EndReason reason, std::uint64_t tag) override;
  /// The accounts that a scope's spans, and what is held directly in it, are charged to.
  OwnerId inner_account(Scope& scope);

  [[nodiscard]] Outcome hold(ScopeId id, std::span<const Kind> kinds);
  /// Gives a scope other edges if there is room; `newly` are those that are asked, in that order,
  /// and `above` the accounts that carry it.
  [[nodiscard]] Outcome attach(ScopeId id, std::vector<ScopeId> edges,
                               std::span<const ScopeId> newly, std::span<const OwnerId> above);
  /// The first of `scopes` that has no room for `amounts`.
  [[nodiscard]] Outcome first_without_room(std::span<const ScopeId> scopes,
                                           std::span<const Kind> kinds,
                                           const PerKind<std::int64_t>& amounts,
                                           MemoryPriority priority) const;
  /// Itself and all that it is charged to, in the order that they are asked.
  [[nodiscard]] std::vector<ScopeId> charged(ScopeId id) const;

  void schedule_collection();
  void collect();
  void collect_from(ByName& scopes);

  NodeScheduler scheduler_;
  SimTime made_;
  EventId collection_;  // pending, if it is scheduled
  ConcreteLimitConfig limits_;
  Allowlist allowlist_;
  ScopeAccounts accounts_;
  ScopeTable table_;
  ScopeId system_, transient_, allowlisted_system_, allowlisted_transient_;
  ByName services_, protocols_, peers_;
  std::map<std::pair<ScopeId, ScopeId>, ScopeId> parts_;  // by peer, then service or protocol
  std::uint64_t connections_ = 0;                         // opened or refused, for their names
  std::uint64_t streams_ = 0;
};

}  // namespace kadsim::go_libp2p

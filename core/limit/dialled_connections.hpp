#pragma once

#include <cstdint>
#include <vector>

#include "core/base/per_node.hpp"
#include "core/limit/node_connections.hpp"

namespace kadsim {

/// The connections that nodes have dialled. Each is a resource in its node's graph, owned by the
/// operations that use it and by the k-bucket that keeps it.
///
/// A dial at a node without a connection to the contact:
///
///     (dial)      -> dialling        room at the node: there is a connection from now on
///                 -> waiting         no room, and the wait rule lets it wait
///                 -> refused         no room, and no wait
///     waiting     -> dialling        its turn has come; or, if another operation has dialled the
///                                    contact meanwhile, that connection is used
///                 -> refused         its deadline has come, or its connection was revoked before
///                                    its turn was told
///
/// A connection, from then on:
///
///     dialling    -> open, in use    the dial has succeeded
///                 -> closed          the last dial has failed and the last user has left
///     in use      -> spare           the last user has left, and its k-bucket keeps it
///                 -> idle            the last user has left, and nothing else owns it
///     spare, idle -> in use          an operation wants the contact again
///     spare <-> idle                 the k-bucket lets it go, or begins to keep it
///     spare, idle -> closed          another connection needs the room
///     idle        -> closed          `collect_after` has passed
///     any         -> closed          revoked
///
/// If all its users leave while it is being dialled, it is idle at once, and may be closed before
/// the dial has ended.
///
/// - An operation that wants to reach a contact to which the node has a connection needs no dial,
///   whatever owns that connection. An operation uses a connection, and owns it, from before its
///   dial until the last of its requests to that contact has ended.
/// - When a dial has succeeded, the contact's k-bucket keeps the connection if the contact stands
///   in it.
/// - Without room at the node, connections that no operation uses are closed: the idle ones first,
///   then the spare ones, each in the order of their last use. If that makes no room, the dial
///   fails, waits until its deadline, or revokes what ranks below it, as the wait rule says.
/// - An idle connection is collected after `collect_after`, and is not used again from that very
///   tick on. No event is needed for that, since it would make room for any other connection
///   anyway: it is closed before the node's connections are next looked at.
/// - When operations end, but no more often than each `review_every`, buckets look for better
///   entries. They no longer own connections to contacts that they have lost. Where tables
///   learn, a contact to which there is a connection, owned by another part, takes the place of one
///   to which there is none, the least recently seen first, or of one that took longer to dial.
/// - A connection that is revoked is not used again; requests under way on it go on to their end. A
///   dial that is under way for it ends with `ReplyStatus::kRevoked`.
///
/// Connections are counted at the node that dialled them. NodeConnections holds those of one node.
/// O(log connections of the node) a call, and a review O(connections of the node).
class DialledConnections {
 public:
  using Parts = NodeConnections::Parts;
  explicit DialledConnections(const Parts& parts) : parts_(parts) {}
  DialledConnections(const DialledConnections&) = delete;
  DialledConnections& operator=(const DialledConnections&) = delete;

  using Entry = NodeConnections::Entry;
  /// `dial` is about to be made. After kWaits the listener hears of kEntered or kRefused. With a
  /// connection, now or later, the operation has begun a use, `use_of`, which `release` ends when
  /// the dial is over. After a wait there may be a connection already: `is_open`.
  Entry connect(const Interaction& dial, GateListener& listener, std::uint64_t tag);
  /// A dial for the present connection begins. Pre: there is one.
  void dialling(const Interaction& dial);
  /// How a dial for `connection` ended that took so long. False: that was revoked, or gave way,
  /// meanwhile.
  bool dialled(const Interaction& dial, ResourceId connection, bool connected, Duration took);

  /// One use of a connection by an operation, from its first dial or request to the end of the last
  /// that shares it. Numbers are never used again at a node, so a stale one releases nothing.
  using UseId = ConnectionUses::Id;
  /// The operation uses the connection to a contact for a request. {}, and nothing happens, if
  /// there is none.
  UseId use(const Interaction& request);
  /// The operation's present use of a connection to that contact; {} if it has none.
  [[nodiscard]] UseId use_of(const Interaction& interaction) const;
  /// The end of what `connect` or `use` began, once for each. Nothing happens if that use is over:
  /// the connection was revoked, or the operation ended, whatever it has begun to use since.
  void release(const Interaction& interaction, UseId use);
  /// From now on the operation owns none of its connections.
  void operation_over(PeerRef node, std::uint64_t operation);

  /// The connection to a contact, being dialled or open; {} if there is none.
  [[nodiscard]] ResourceId connection(PeerRef at, PeerRef contact) const;
  [[nodiscard]] bool is_open(PeerRef at, PeerRef contact) const;
  /// Connections of a node, those being dialled, and those due to be collected, included.
  [[nodiscard]] std::size_t connections(PeerRef node) const;
  /// As of now: what is due to be collected counts. O(nodes + connections that are due).
  [[nodiscard]] ConnectionCounts counts() const;

 private:
  NodeConnections& of(PeerRef node);
  [[nodiscard]] const ContactConnection* find(PeerRef at, PeerRef contact) const;

  Parts parts_;
  ConnectionCounts counts_;
  PerNode<NodeConnections> nodes_;
  std::vector<const NodeConnections*> all_nodes_;  // these, in the order of their first dials
};

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "core/base/per_node.hpp"
#include "core/limit/gate.hpp"
#include "core/limit/gate_counts.hpp"
#include "core/limit/node_resources.hpp"
#include "core/limit/wait_rule.hpp"
#include "core/table/routing_table.hpp"

namespace kadsim {

/// The connections that nodes have dialled. Each is a resource in its node's graph, owned by the
/// operations that use it and by the k-bucket that keeps it. A connection goes through these
/// states:
///
///     (connect) -> being dialled         room at the node, at once or after a wait
///     being dialled -> in use            the dial has succeeded
///                   -> closed            the last dial has failed and the last user has left
///     in use -> spare                    the last user has left, and its k-bucket keeps it
///            -> idle                     the last user has left, and nothing else owns it
///     spare, idle -> in use              an operation wants the contact again
///     spare <-> idle                     the k-bucket lets it go, or begins to keep it
///     spare, idle -> closed              another connection needs the room
///     idle -> closed                     `collect_after` has passed
///     any but closed -> closed           revoked
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
/// Connections are counted at the node that dialled them. O(log connections of the node) a call,
/// and a review O(connections of the node).
class DialledConnections final : private ResourceListener {
 public:
  /// Everything referred to outlives it.
  struct Parts {
    NetworkScheduler& scheduler;
    ResourcesByNode& managers;
    const PeerBook& book;
    BucketStore& buckets;
    WaitRule rule;
    ManagerOptions options;
    unsigned k = 20;
    bool tables_learn = false;
  };
  explicit DialledConnections(const Parts& parts) : parts_(parts) {}

  /// One use of a connection by an operation, from its first dial or request to the end of the last
  /// that shares it. Numbers are never used again, so a stale one releases nothing. {} is none.
  struct UseId {
    std::uint64_t number = 0;
    bool operator==(const UseId&) const = default;
  };
  enum class Entry : std::uint8_t { kConnected, kMayDial, kWaits, kRefused };
  /// `dial` is about to be made. After kWaits the listener hears of kEntered or kRefused. With a
  /// connection, now or later, the operation has begun a use, `use_of`, which `release` ends when
  /// the dial is over. After a wait there may be a connection already: `is_open`.
  Entry connect(const Interaction& dial, GateListener& listener, std::uint64_t tag);
  /// The operation's present use of a connection to that contact; {} if it has none.
  [[nodiscard]] UseId use_of(const Interaction& interaction) const;
  /// What a dial that may be made now is for; {} if there is none.
  [[nodiscard]] ResourceId connection(PeerRef at, PeerRef contact) const;
  [[nodiscard]] bool is_open(PeerRef at, PeerRef contact) const;
  /// A dial for `connection` begins; and how it ended that took so long. False: that was revoked,
  /// or gave way, meanwhile.
  void dialling(const Interaction& dial);
  bool dialled(const Interaction& dial, ResourceId connection, bool connected, Duration took);

  /// The operation uses the connection to a contact for a request. {}, and nothing happens, if
  /// there is none.
  UseId use(const Interaction& request);
  /// The end of what `connect` or `use` began, once for each. Nothing happens if that use is over:
  /// the connection was revoked, or the operation ended, whatever it has begun to use since.
  void release(const Interaction& interaction, UseId use);
  /// From now on the operation owns none of its connections.
  void operation_over(PeerRef node, std::uint64_t operation);

  struct Counts {
    GateCounts dials;             ///< `revoked`: connections, dialled or being dialled
    std::uint64_t reused = 0;     ///< dials that were not needed
    std::uint64_t collected = 0;  ///< connections without a user
    std::uint64_t replaced = 0;   ///< entries of buckets that gave way to better ones
  };
  /// As of now: what is due to be collected counts. O(nodes + connections that are due).
  [[nodiscard]] Counts counts() const;
  /// Connections of a node, those being dialled, and those due to be collected, included.
  [[nodiscard]] std::size_t connections(PeerRef node) const;

 private:
  struct Contact {
    ResourceId connection;
    std::uint32_t dialling = 0;  // dials under way
    std::uint32_t users = 0;     // operations
    bool open = false;
    bool kept = false;  // by its k-bucket
    Duration took{};    // its dial
    SimTime unused_since{};
  };
  /// An operation's use of a connection, by dials and requests that are to release it. A claim of
  /// the operation's.
  struct Use {
    UseId id;
    ResourceId connection;
    std::uint32_t count = 0;
  };
  struct Wait {
    Interaction dial;
    GateListener* listener = nullptr;
    std::uint64_t tag = 0;
    ResourceId connection;  // once it was granted
  };
  using LeastRecent = std::set<std::pair<SimTime, std::uint32_t>>;
  using Uses = std::map<std::pair<std::uint64_t, std::uint32_t>, Use>;  // by operation and contact
  struct Node {
    explicit Node(PeerRef peer) : at(peer) {}
    PeerRef at;
    std::map<std::uint32_t, Contact> contacts;
    std::map<std::uint32_t, std::uint32_t> by_slot;  // of its resource -> contact
    LeastRecent idle;                                // without an owner
    LeastRecent spare;                               // kept by a bucket, without a user
    Uses uses;
    std::map<unsigned, std::uint32_t> kept;  // by bucket: how many
    std::map<std::uint64_t, Wait> waits;     // by the number of the waiter
    SimTime last_review;
  };

  Node& node_of(PeerRef at);
  NodeResources& owners(const Node& node) { return parts_.managers.of(node.at); }
  ResourceManager& manager(const Node& node) { return owners(node).manager(); }
  [[nodiscard]] RoutingTable table(const Node& node) const {
    return {node.at, parts_.book, parts_.buckets};
  }

  Entry wait(Node& node, const Interaction& dial, GateListener& listener, std::uint64_t tag);
  void hold(Node& node, const Interaction& dial, ResourceId connection);
  void use(Node& node, const Interaction& interaction);
  void begin_use(Node& node, const Interaction& interaction, ResourceId connection);
  void end_use(Node& node, Uses::iterator use);
  void user_leaves(Node& node, std::uint64_t operation, std::uint32_t contact);
  LeastRecent& unused(Node& node, const Contact& entry) {
    return entry.kept ? node.spare : node.idle;
  }
  void forget(Node& node, std::uint32_t contact);
  void close(Node& node, std::uint32_t contact);
  [[nodiscard]] bool is_due(SimTime unused_since) const {
    return unused_since + parts_.options.collect_after <= parts_.scheduler.now();
  }
  void collect(Node& node);
  bool give_way(Node& node);
  void let_waiters_in(Node& node);
  /// From now on `owner` does not own the connection.
  void drop(Node& node, ResourceId connection, OwnerId owner);

  void keep(Node& node, std::uint32_t contact);
  void let_go(Node& node, std::uint32_t contact);
  void review(Node& node);
  void review_bucket(Node& node, unsigned index, std::vector<std::uint32_t>& outside);
  [[nodiscard]] PeerRef worst_entry(const Node& node, unsigned index) const;
  void wait_over(PeerRef at, std::uint64_t waiter, bool granted);

  void on_ended(VertexId what, EndReason reason, std::uint64_t tag) override;
  void on_wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                    std::uint64_t tag) override;

  Parts parts_;
  PerNode<Node> nodes_;
  std::vector<const Node*> all_nodes_;  // these, in the order of their first dials
  std::uint64_t last_use_ = 0;
  Counts counts_;
};

}  // namespace kadsim

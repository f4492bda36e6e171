#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "core/limit/connection_counts.hpp"
#include "core/limit/connection_uses.hpp"
#include "core/limit/contact_connection.hpp"
#include "core/limit/gate.hpp"
#include "core/limit/node_resources.hpp"
#include "core/limit/wait_rule.hpp"
#include "core/limit/waiting_dials.hpp"
#include "core/table/routing_table.hpp"

namespace kadsim {

/// The connections that one node has dialled; the rule is at DialledConnections, and the calls of
/// the same names are explained there. O(log connections) a call, and a review O(connections).
class NodeConnections final : private ResourceListener {
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
  /// `counts` is shared by all nodes.
  NodeConnections(PeerRef node, const Parts& parts, ConnectionCounts& counts);

  enum class Entry : std::uint8_t { kConnected, kMayDial, kWaits, kRefused };
  Entry connect(const Interaction& dial, GateListener& listener, std::uint64_t tag);
  void dialling(PeerRef contact);
  bool dialled(PeerRef contact, ResourceId connection, bool connected, Duration took);
  ConnectionUses::Id use(const Interaction& request);
  [[nodiscard]] ConnectionUses::Id use_of(const Interaction& interaction) const;
  void release(const Interaction& interaction, ConnectionUses::Id use);
  void operation_over(std::uint64_t operation);

  /// Null if there is none.
  [[nodiscard]] const ContactConnection* find(PeerRef contact) const;
  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  /// Connections that are due to be collected. O(these).
  [[nodiscard]] std::size_t due() const;

 private:
  using Connections = std::map<std::uint32_t, ContactConnection>;  // by contact
  /// Unused connections are ordered by when they give way: the least comes first.
  struct Unused {
    ContactConnection::Need need;  // idle before spare
    SimTime since;
    std::uint32_t contact;
    auto operator<=>(const Unused&) const = default;
  };

  [[nodiscard]] RoutingTable table() const { return {node_, parts_.book, parts_.buckets}; }
  [[nodiscard]] SimTime now() const { return parts_.scheduler.now(); }
  ResourceOptions connection_to(PeerRef contact);

  // A dial finds room: node_connections.cpp.
  ResourceId find_room(const Interaction& dial);
  bool give_way();
  Entry wait(const Interaction& dial, GateListener& listener, std::uint64_t tag);
  void wait_over(WaiterId waiter);
  bool enter(const WaitingDial& waited);
  void let_waiters_in();
  void begin(const Interaction& dial, ResourceId connection);

  // The life of a connection: connection_life.cpp.
  void begin_use(const Interaction& interaction, ResourceId connection);
  void join(const Interaction& interaction, Connections::iterator at);
  void end_use(const ConnectionUses::Ended& use);
  void enlist(Connections::iterator at);
  void strike_off(Connections::iterator at);
  void disown(ResourceId connection, OwnerId owner);
  void own_idle(ResourceId connection);
  void close(Connections::iterator at);
  void forget(Connections::iterator at);
  [[nodiscard]] bool is_due(const Unused& unused) const;
  void collect();

  // What k-buckets keep, and how they find better entries: kept_connections.cpp.
  void keep(Connections::iterator at);
  void let_go(Connections::iterator at);
  void review();
  void review_bucket(unsigned index, std::vector<std::uint32_t>& outside);
  [[nodiscard]] bool is_worse(PeerRef entry, std::uint32_t other) const;
  [[nodiscard]] PeerRef worst_entry(unsigned index) const;

  void on_ended(VertexId what, EndReason reason, std::uint64_t contact) override;
  void on_wait_over(WaiterId waiter, Refusal refusal, ResourceId connection,
                    std::uint64_t contact) override;

  PeerRef node_;
  const Parts& parts_;
  ConnectionCounts& counts_;
  NodeResources& owners_;
  ResourceManager& manager_;
  Connections connections_;
  ConnectionUses uses_;
  WaitingDials waiting_;
  std::set<Unused> unused_;                 // those that no operation uses: enlist, strike_off
  std::map<unsigned, std::uint32_t> kept_;  // by bucket: how many
  SimTime last_review_;
};

}  // namespace kadsim

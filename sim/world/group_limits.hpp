#pragma once

#include <memory>
#include <vector>

#include "core/limit/client_gates.hpp"
#include "core/wire/connection.hpp"
#include "sim/world/group_clients.hpp"
#include "sim/world/reception.hpp"

namespace kadsim {

/// The limits of nodes where groups differ in them. A gate counts for each node apart, so a group
/// has gates of its own, and no two nodes of different groups ever meet at one.
///
/// As a `Connection`, what a node sends passes the gates of its group; as a `ReceptionByNode`, what
/// arrives at a node does. A node without limits sends straight on, and lets everything in.
class GroupLimits final : public Connection, public ReceptionByNode {
 public:
  /// The nodes in no group have the gates `others`; null: they have no limits. All are borrowed.
  GroupLimits(const ClientGates::Parts& parts, const GroupClients& clients, ClientGates* others);

  /// Does anything limit what any node sends?
  [[nodiscard]] bool limits_outbound() const;
  /// The gates of each group that has some of its own.
  [[nodiscard]] const std::vector<std::unique_ptr<ClientGates>>& gates() const { return gates_; }

  void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void negotiate(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                            ReplyHandler& handler, std::uint64_t tag) override;
  void store_segment(const Interaction& interaction, const Segment& segment,
                     const RecordDetails* details, ReplyHandler& handler,
                     std::uint64_t tag) override;
  void retrieve_segment(const Interaction& interaction, const Hash& key, ReplyHandler& handler,
                        std::uint64_t tag) override;
  void operation_over(PeerRef origin, std::uint64_t operation) override;

  [[nodiscard]] const Reception& reception_of(PeerRef node) const override {
    return of_group_[clients_.group_of(node)].reception;
  }

 private:
  struct Limits {
    Connection* connection = nullptr;  // through which the group's clients reach their peers
    Reception reception;
  };
  [[nodiscard]] Connection& connection_of(PeerRef node) const {
    return *of_group_[clients_.group_of(node)].connection;
  }

  const GroupClients& clients_;
  std::vector<std::unique_ptr<ClientGates>> gates_;
  std::vector<Limits> of_group_;  // by GroupClients::group_of
};

/// The gates that a client with these options has; null: nothing limits it.
[[nodiscard]] std::unique_ptr<ClientGates> make_gates(const ClientGates::Parts& parts,
                                                      const ClientOptions& client);

/// What a client with these options lets in, through those gates.
[[nodiscard]] Reception reception_through(ClientGates& gates, const ClientOptions& client);

}  // namespace kadsim

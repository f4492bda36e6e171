#pragma once

#include <optional>

#include "core/client/client_options.hpp"
#include "core/client/contact_keeper.hpp"
#include "core/client/limited_connection.hpp"
#include "core/client/managed_streams.hpp"
#include "core/client/node_manager.hpp"
#include "core/client/scoped_streams.hpp"
#include "core/client/slot_gate.hpp"

namespace kadsim {

/// What passed the limits of all clients, since the start.
struct LimitCounts {
  GateCounts outbound;  ///< streams, at their origin
  GateCounts inbound;   ///< streams, at their remote
  GateCounts outbound_negotiations;
  GateCounts inbound_negotiations;
  ContactKeeper::Counts connections;
};

/// The gates that `client.resources` asks for, and the connection through which clients that have
/// them reach their peers. Made only where there is something to limit.
class ClientGates {
 public:
  /// Everything referred to outlives the gates. `connection` carries what passes.
  struct Parts {
    Scheduler& scheduler;
    EventOrder& order;
    Connection& connection;
    const PeerBook& book;
    BucketStore& buckets;
  };
  ClientGates(const Parts& parts, const ClientOptions& options);

  [[nodiscard]] Connection& connection() { return *connection_; }
  /// For requests that arrive; null: no limit.
  [[nodiscard]] Gate* inbound();
  [[nodiscard]] Gate* inbound_negotiations() { return address(inbound_negotiations_); }
  [[nodiscard]] LimitCounts counts() const;

  // Of one kind each, for whoever looks into them; null if there is none.
  [[nodiscard]] SlotGate* outbound_slots() { return address(outbound_); }
  [[nodiscard]] SlotGate* inbound_slots() { return address(inbound_); }
  [[nodiscard]] SlotGate* outbound_negotiation_slots() { return address(outbound_negotiations_); }
  [[nodiscard]] SlotGate* inbound_negotiation_slots() { return address(inbound_negotiations_); }
  [[nodiscard]] NodeManagers* managers() { return address(managers_); }
  [[nodiscard]] ContactKeeper* contacts() { return address(contacts_); }
  [[nodiscard]] ScopedStreams* scopes() { return address(scoped_); }

 private:
  template <class T>
  static T* address(std::optional<T>& part) {
    return part.has_value() ? &*part : nullptr;
  }
  /// What holds streams in either direction, if one thing does.
  [[nodiscard]] Gate* both_ways();
  void make_manager(const Parts& parts, const ClientOptions& options);
  void make_scopes(const Parts& parts, const GoLibp2pOptions& options);

  std::optional<SlotGate> outbound_;
  std::optional<SlotGate> inbound_;
  std::optional<SlotGate> outbound_negotiations_;
  std::optional<SlotGate> inbound_negotiations_;
  std::optional<NodeManagers> managers_;
  std::optional<ManagedStreams> managed_;
  std::optional<ContactKeeper> contacts_;
  std::optional<ScopedStreams> scoped_;
  std::optional<LimitedConnection> connection_;
};

}  // namespace kadsim

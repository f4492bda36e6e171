#pragma once

#include <optional>

#include "core/limit/client_resources.hpp"
#include "core/limit/dialled_connections.hpp"
#include "core/limit/go_libp2p_gate.hpp"
#include "core/limit/limited_connection.hpp"
#include "core/limit/node_resources.hpp"
#include "core/limit/resource_graph_gate.hpp"
#include "core/limit/semaphore_gate.hpp"

namespace kadsim {

/// What passed the limits of clients, since the start.
struct LimitCounts {
  GateCounts outbound;  ///< streams, at their origin
  GateCounts inbound;   ///< streams, at their remote
  GateCounts outbound_negotiations;
  GateCounts inbound_negotiations;
  ConnectionCounts connections;

  LimitCounts& operator+=(const LimitCounts& other) {
    outbound += other.outbound;
    inbound += other.inbound;
    outbound_negotiations += other.outbound_negotiations;
    inbound_negotiations += other.inbound_negotiations;
    connections += other.connections;
    return *this;
  }
};

/// The gates that `client.resources` asks for, and the connection through which clients that have
/// them reach their peers. Made only where there is something to limit.
class ClientGates {
 public:
  /// Everything referred to outlives the gates. `connection` carries what passes.
  struct Parts {
    NetworkScheduler& scheduler;
    Connection& connection;
    const PeerBook& book;
    BucketStore& buckets;
  };
  struct Options {
    ClientResources resources;
    unsigned k = 20;            ///< size of a bucket
    bool tables_learn = false;  ///< contacts that are heard from are added to tables
  };
  ClientGates(const Parts& parts, const Options& options);

  [[nodiscard]] LimitedConnection& connection() { return *connection_; }
  /// For requests that arrive; null: no limit.
  [[nodiscard]] Gate* inbound();
  [[nodiscard]] Gate* inbound_negotiations() { return address(inbound_negotiations_); }
  [[nodiscard]] LimitCounts counts() const;

  // Each kind by itself, for tests and figures; null if there is none.
  [[nodiscard]] SemaphoreGate* outbound_slots() { return address(outbound_); }
  [[nodiscard]] SemaphoreGate* inbound_slots() { return address(inbound_); }
  [[nodiscard]] SemaphoreGate* outbound_negotiation_slots() {
    return address(outbound_negotiations_);
  }
  [[nodiscard]] SemaphoreGate* inbound_negotiation_slots() {
    return address(inbound_negotiations_);
  }
  [[nodiscard]] ResourcesByNode* managers() { return address(managers_); }
  [[nodiscard]] DialledConnections* contacts() { return address(contacts_); }
  [[nodiscard]] GoLibp2pGate* scopes() { return address(scoped_); }

 private:
  template <class T>
  static T* address(std::optional<T>& part) {
    return part.has_value() ? &*part : nullptr;
  }
  /// What holds streams in either direction, if one thing does.
  [[nodiscard]] Gate* both_ways();
  void make_manager(const Parts& parts, const Options& options);
  void make_scopes(const Parts& parts, const GoLibp2pOptions& options);

  std::optional<SemaphoreGate> outbound_;
  std::optional<SemaphoreGate> inbound_;
  std::optional<SemaphoreGate> outbound_negotiations_;
  std::optional<SemaphoreGate> inbound_negotiations_;
  std::optional<ResourcesByNode> managers_;
  std::optional<ResourceGraphGate> managed_;
  std::optional<DialledConnections> contacts_;
  std::optional<GoLibp2pGate> scoped_;
  std::optional<LimitedConnection> connection_;
};

}  // namespace kadsim

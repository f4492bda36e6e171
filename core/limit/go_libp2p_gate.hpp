#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/per_node.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/limit/gate.hpp"
#include "core/limit/gate_counts.hpp"
#include "core/resource/go_libp2p/limits.hpp"
#include "core/resource/go_libp2p/scope_manager.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// A gate of go-libp2p's resource managers, one for each node: a stream opens in the scope of its
/// peer and in transient, moves to the DHT's protocol and, if there is one, its service, and
/// reserves memory, all or nothing. Without room it is refused at once; no stream waits and none is
/// revoked. Peers are named by their hashes, as 64 hexadecimal digits. Connections are not opened:
/// kadsim's streams need none.
class GoLibp2pGate final : public Gate {
 public:
  struct Options {
    go_libp2p::ConcreteLimitConfig limits;  ///< of every node
    std::string protocol;
    std::optional<std::string> service;
    std::int64_t stream_memory = 0;  ///< bytes that a stream reserves, >= 0
  };
  /// All but the options outlives the gate.
  GoLibp2pGate(NetworkScheduler& scheduler, const PeerBook& book, Options options);

  /// `node` is one of the two ends of `what`: its sender takes an outbound stream.
  Answer enter(PeerRef node, const Interaction& what, SimTime deadline, GateListener& listener,
               std::uint64_t tag) override;
  void leave(PeerRef node, GatePass pass) override;

  [[nodiscard]] const GateCounts& outbound() const { return outbound_; }
  [[nodiscard]] const GateCounts& inbound() const { return inbound_; }
  /// Null if the node never needed one.
  [[nodiscard]] const go_libp2p::ScopeManager* find(PeerRef node) const;

 private:
  go_libp2p::ScopeManager& manager(PeerRef node);
  std::optional<go_libp2p::ScopeId> open(PeerRef node, PeerRef peer,
                                         go_libp2p::Direction direction);

  NetworkScheduler& scheduler_;
  const PeerBook& book_;
  Options options_;
  PerNode<go_libp2p::ScopeManager> managers_;
  GateCounts outbound_;
  GateCounts inbound_;
};

}  // namespace kadsim

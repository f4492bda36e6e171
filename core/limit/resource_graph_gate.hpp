#pragma once

#include <cstdint>
#include <deque>

#include "core/base/per_node.hpp"
#include "core/base/slot_pool.hpp"
#include "core/limit/gate.hpp"
#include "core/limit/gate_counts.hpp"
#include "core/limit/node_resources.hpp"
#include "core/limit/wait_rule.hpp"

namespace kadsim {

/// A gate of resource managers: every stream is a resource in its node's graph.
///
/// - Outbound, it belongs to its operation. Without room it fails, waits in the manager's line
/// until
///   its deadline, or pushes out what ranks below it, as `on_limit` says.
/// - Inbound, it comes in under the temporary owner, which has limits of its own, and moves to the
///   service as soon as there is room; until then it stands in line under the temporary owner,
///   first come, first served, if `on_limit` lets it wait. What the node as a whole has no room for
///   waits before that, in the manager's line; a full temporary owner refuses.
///
/// What the manager says in its own time (a wait is over, somebody was pushed out) reaches
/// listeners as an event of the same instant. At its deadline's tick a waiter is refused.
class ResourceGraphGate final : public Gate, private ResourceListener {
 public:
  /// Everything referred to outlives it.
  struct Parts {
    Scheduler& scheduler;
    EventOrder& order;
    ResourcesByNode& managers;
    WaitRule rule;
    EdgePriority service_priority{};
  };
  explicit ResourceGraphGate(const Parts& parts) : parts_(parts) {}

  /// `node` is one of the two ends of `what`: its sender takes an outbound stream.
  Answer enter(PeerRef node, const Interaction& what, SimTime deadline, GateListener& listener,
               std::uint64_t tag) override;
  void leave(PeerRef node, GatePass pass) override;

  [[nodiscard]] const GateCounts& outbound() const { return outbound_; }
  [[nodiscard]] const GateCounts& inbound() const { return inbound_; }

 private:
  enum class State : std::uint8_t {
    kFree,
    kHeld,
    kInLine,   // outbound: in the manager's; inbound: in the node's, under the temporary owner
    kEntering  // has its slot, the listener will hear of it
  };
  struct Claim {
    GateListener* listener = nullptr;
    std::uint64_t tag = 0;
    std::uint64_t operation = 0;
    PeerRef node{};
    ResourceId resource{};
    WaiterId waiter{};
    SimTime deadline{};
    EventId event{};  // news under way, or the deadline of an inbound wait
    std::uint32_t generation = 1;
    State state = State::kFree;
    bool inbound = false;
  };

  Answer enter_outbound(std::uint32_t index, SimTime deadline);
  Answer enter_inbound(std::uint32_t index, SimTime deadline);
  std::uint32_t take_claim(const Claim& claim);
  void free_claim(std::uint32_t index);
  [[nodiscard]] GatePass pass(std::uint32_t index) const;
  GateCounts& counts(const Claim& claim) { return claim.inbound ? inbound_ : outbound_; }
  ResourceManager& manager(PeerRef node) { return parts_.managers.of(node).manager(); }

  /// To the service, or into the line for it.
  void come_in(std::uint32_t index);
  /// Lets those in line at the node in, as far as there is room.
  void serve_next(PeerRef node);
  void tell_later(std::uint32_t index, GateNews news, SimTime time);
  void tell(std::uint32_t index, GateNews news);

  void on_ended(VertexId what, EndReason reason, std::uint64_t tag) override;
  void on_wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                    std::uint64_t tag) override;

  Parts parts_;
  SlotPool<Claim> claims_;
  PerNode<std::deque<std::uint32_t>> lines_;  // inbound
  GateCounts outbound_;
  GateCounts inbound_;
};

}  // namespace kadsim

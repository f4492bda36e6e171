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

/// A gate in which every stream is a resource in its node's graph (core/resource).
///
/// - An outbound stream belongs to its operation. If there is no room, it is refused, waits in the
///   manager's line until its deadline, or revokes what ranks below it, as the wait rule says.
/// - An inbound stream comes in under the temporary owner, which has limits of its own, and moves
///   to the service as soon as there is room there. Until then it stands in the node's service
///   line, first come, first served, if the wait rule lets it wait. A stream for which the node as
///   a whole has no room waits before that, in the manager's line; one for which the temporary
///   owner has no room is refused.
///
/// A claim is one stream at one node, from `enter` until `leave` or until its listener has heard
/// that it is void. Its states, and what leads from one to the next:
///
///     (enter)            -> held, waits for the node, waits for service, or refused at once
///     waits for the node -> entering           room at the node, outbound
///                        -> coming in          room at the node, inbound
///                        -> refused            the deadline's tick
///     coming in          -> held               room at the service, and no line for it
///                        -> waits for service  otherwise
///     waits for service  -> entering           room at the service
///                        -> refused            the deadline's tick, or revoked
///     entering           -> held               the listener hears of it
///                        -> refused            revoked before the listener has heard of it
///     held               -> revoked            another owner took its resource
///
/// Listeners are told in events of the same instant, never during a call. O(streams in the node's
/// service line) a call, plus what the resource manager says.
class ResourceGraphGate final : public Gate, private ResourceListener {
 public:
  /// Everything referred to outlives the gate.
  struct Parts {
    NetworkScheduler& scheduler;
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
    kWaitsForNode,     // in the manager's line
    kComingIn,         // inbound: has its resource, will try the service in an event
    kWaitsForService,  // inbound: has its resource under the temporary owner
    kEntering,         // has its resource in its place; the listener will hear of it
    kHeld,             // and the listener knows
  };
  struct Claim {
    GateListener* listener = nullptr;
    std::uint64_t tag = 0;
    std::uint64_t operation = 0;
    PeerRef node{};
    ResourceId resource{};
    WaiterId waiter{};   // in the manager's line
    SimTime wait_end{};  // inbound waits are refused from this tick on
    EventId event{};     // news under way, or the end of a wait for service
    std::uint32_t generation = 1;
    State state = State::kFree;
    bool inbound = false;
  };

  // Claims, and what their listeners hear.
  std::uint32_t take_claim(const Claim& claim);
  void free_claim(std::uint32_t index);
  [[nodiscard]] GatePass pass(std::uint32_t index) const;
  GateCounts& counts(const Claim& claim) { return claim.inbound ? inbound_ : outbound_; }
  ResourceManager& manager(PeerRef node) { return parts_.managers.of(node).manager(); }
  Answer holds(std::uint32_t index, ResourceId resource);
  Answer waits_for_node(std::uint32_t index, WaiterId waiter);
  void tell_later(std::uint32_t index, GateNews news, SimTime time);
  void tell(std::uint32_t index, GateNews news);

  // Outbound.
  Answer enter_outbound(std::uint32_t index, SimTime wait_end);

  // Inbound: inbound_streams.cpp.
  Answer enter_inbound(std::uint32_t index, SimTime wait_end);
  bool move_to_service(const Claim& claim, bool revoking);
  void wait_for_service(std::uint32_t index);
  void leave_service_line(std::uint32_t index);
  void come_in(std::uint32_t index);
  void serve_next(PeerRef node);

  void on_ended(VertexId what, EndReason reason, std::uint64_t tag) override;
  void on_wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                    std::uint64_t tag) override;

  Parts parts_;
  SlotPool<Claim> claims_;
  PerNode<std::deque<std::uint32_t>> service_lines_;  // claims, in the order of their coming
  GateCounts outbound_;
  GateCounts inbound_;
};

}  // namespace kadsim

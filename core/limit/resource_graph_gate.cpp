// Claims of either direction, outbound streams, and news. What is particular to inbound streams is
// in inbound_streams.cpp.

#include "core/limit/resource_graph_gate.hpp"

#include "core/base/assert.hpp"

namespace kadsim {
namespace {

constexpr EventKind kStreamNews{"stream"};

}  // namespace

std::uint32_t ResourceGraphGate::take_claim(const Claim& claim) {
  const std::uint32_t index = claims_.take();
  const std::uint32_t generation = claims_[index].generation;
  claims_[index] = claim;
  claims_[index].generation = generation;
  return index;
}

void ResourceGraphGate::free_claim(std::uint32_t index) {
  Claim& claim = claims_[index];
  const Claim over = claim;
  claim.state = State::kFree;
  if (++claim.generation == 0) claim.generation = 1;
  claims_.give_back(index);
  if (!over.inbound) parts_.managers.of(over.node).unclaim(over.operation);
}

GatePass ResourceGraphGate::pass(std::uint32_t index) const {
  return {(static_cast<std::uint64_t>(claims_[index].generation) << 32) | index};
}

Gate::Answer ResourceGraphGate::enter(PeerRef node, const Interaction& what, SimTime deadline,
                                      GateListener& listener, std::uint64_t tag) {
  const bool inbound = node == what.to;
  const std::uint32_t index = take_claim({.listener = &listener,
                                          .tag = tag,
                                          .operation = what.operation,
                                          .node = node,
                                          .state = State::kHeld,
                                          .inbound = inbound});
  if (!inbound) {
    NodeResources& of_node = parts_.managers.of(node);
    of_node.operation(what.operation);
    of_node.claim(what.operation);
  }
  const SimTime wait_end = parts_.rule.wait_end(parts_.scheduler.now(), deadline);
  const Answer answer = inbound ? enter_inbound(index, wait_end) : enter_outbound(index, wait_end);
  GateCounts& counted = counts(claims_[index]);
  switch (answer.entry) {
    case GateEntry::kEntered:
      ++counted.entered;
      break;
    case GateEntry::kWaits:
      ++counted.waited;
      break;
    case GateEntry::kRefused:
      ++counted.refused;
      free_claim(index);
      break;
  }
  return answer;
}

Gate::Answer ResourceGraphGate::enter_outbound(std::uint32_t index, SimTime wait_end) {
  NodeResources& of_node = parts_.managers.of(claims_[index].node);
  ResourceManager& manager = of_node.manager();
  const OwnerId operation = of_node.operation(claims_[index].operation);
  const ResourceOptions stream{.resource_class = kStreams, .listener = this, .tag = index};
  if (wait_end > parts_.scheduler.now()) {
    const AddedOrWaiting added = manager.add_with_deadline(operation, stream, wait_end);
    if (added.refusal != Refusal::kNone) return {GateEntry::kRefused, {}};
    return added.waiter == WaiterId{} ? holds(index, added.resource)
                                      : waits_for_node(index, added.waiter);
  }
  const AddedResource added = parts_.rule.may_revoke() ? manager.add_resource(operation, stream)
                                                       : manager.try_add(operation, stream);
  if (added.refusal != Refusal::kNone) return {GateEntry::kRefused, {}};
  return holds(index, added.resource);
}

Gate::Answer ResourceGraphGate::holds(std::uint32_t index, ResourceId resource) {
  claims_[index].resource = resource;
  return {GateEntry::kEntered, pass(index)};
}

Gate::Answer ResourceGraphGate::waits_for_node(std::uint32_t index, WaiterId waiter) {
  claims_[index].waiter = waiter;
  claims_[index].state = State::kWaitsForNode;
  return {GateEntry::kWaits, pass(index)};
}

void ResourceGraphGate::leave(PeerRef node, GatePass pass) {
  const auto index = static_cast<std::uint32_t>(pass.slot);
  KADSIM_ASSERT(index < claims_.size() && claims_[index].generation == pass.slot >> 32,
                "a stream ends twice");
  const Claim claim = claims_[index];
  parts_.scheduler.cancel(claim.event);
  if (claim.state == State::kWaitsForService) leave_service_line(index);
  if (claim.waiter != WaiterId{}) manager(node).cancel_wait(claim.waiter);
  // If it was revoked, its resource is gone already, and its listener was about to hear of it.
  if (manager(node).exists(claim.resource)) manager(node).destroy(claim.resource);
  free_claim(index);
  serve_next(node);
}

void ResourceGraphGate::tell_later(std::uint32_t index, GateNews news, SimTime time) {
  Claim& claim = claims_[index];
  parts_.scheduler.cancel(claim.event);
  claim.event = parts_.scheduler.of(claim.node.value).at(time, kStreamNews, [this, index, news] {
    tell(index, news);
  });
}

void ResourceGraphGate::tell(std::uint32_t index, GateNews news) {
  Claim& claim = claims_[index];
  const Claim told = claim;
  claim.event = EventId{};
  GateCounts& counted = counts(claim);
  switch (news) {
    case GateNews::kEntered:
      ++counted.entered;
      claim.state = State::kHeld;
      break;
    case GateNews::kRefused:
      ++counted.refused;
      if (told.state == State::kWaitsForService) leave_service_line(index);
      if (manager(told.node).exists(told.resource)) manager(told.node).destroy(told.resource);
      free_claim(index);
      break;
    case GateNews::kRevoked:
      ++counted.revoked;
      free_claim(index);
      break;
  }
  told.listener->on_gate(told.tag, news);
  if (news != GateNews::kEntered) serve_next(told.node);
}

void ResourceGraphGate::on_ended(VertexId, EndReason, std::uint64_t tag) {
  // A listener that has not heard yet that it has the stream hears that it does not get it.
  const auto index = static_cast<std::uint32_t>(tag);
  const bool held = claims_[index].state == State::kHeld;
  claims_[index].wait_end = parts_.scheduler.now();  // nothing is granted to it any more
  tell_later(index, held ? GateNews::kRevoked : GateNews::kRefused, parts_.scheduler.now());
}

void ResourceGraphGate::on_wait_over(WaiterId, Refusal refusal, ResourceId resource,
                                     std::uint64_t tag) {
  const auto index = static_cast<std::uint32_t>(tag);
  Claim& claim = claims_[index];
  claim.resource = resource;
  claim.waiter = WaiterId{};
  const SimTime now = parts_.scheduler.now();
  if (refusal != Refusal::kNone) {
    tell_later(index, GateNews::kRefused, now);
  } else if (claim.inbound) {
    claim.state = State::kComingIn;
    claim.event = parts_.scheduler.of(claim.node.value).at(now, kStreamNews, [this, index] {
      come_in(index);
    });
  } else {
    claim.state = State::kEntering;
    tell_later(index, GateNews::kEntered, now);
  }
}

}  // namespace kadsim

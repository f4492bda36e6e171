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

Gate::Answer ResourceGraphGate::enter_outbound(std::uint32_t index, SimTime deadline) {
  Claim& claim = claims_[index];
  NodeResources& of_node = parts_.managers.of(claim.node);
  ResourceManager& manager = of_node.manager();
  const OwnerId owner = of_node.operation(claim.operation);
  const ResourceOptions stream{.resource_class = kStreams, .listener = this, .tag = index};
  AddedOrWaiting added;
  if (parts_.rule.may_revoke()) {
    const AddedResource at_once = manager.add_resource(owner, stream);
    added = {at_once.refusal, at_once.resource, {}};
  } else if (deadline > parts_.scheduler.now()) {
    added = manager.add_with_deadline(owner, stream, deadline);
  } else {
    const AddedResource at_once = manager.try_add(owner, stream);
    added = {at_once.refusal, at_once.resource, {}};
  }
  if (added.refusal != Refusal::kNone) return {GateEntry::kRefused, {}};
  claim.resource = added.resource;
  if (added.waiter == WaiterId{}) return {GateEntry::kEntered, pass(index)};
  claim.waiter = added.waiter;
  claim.state = State::kInLine;
  return {GateEntry::kWaits, pass(index)};
}

Gate::Answer ResourceGraphGate::enter_inbound(std::uint32_t index, SimTime deadline) {
  Claim& claim = claims_[index];
  NodeResources& of_node = parts_.managers.of(claim.node);
  ResourceManager& manager = of_node.manager();
  const bool revoke = parts_.rule.may_revoke();
  // Ranks as what the service has, from the start.
  const ResourceOptions stream{.resource_class = kStreams,
                               .priority = parts_.service_priority,
                               .listener = this,
                               .tag = index};
  const OwnerId incoming = manager.temporary_owner();
  const AddedResource added =
      revoke ? manager.add_resource(incoming, stream) : manager.try_add(incoming, stream);
  if (added.refusal != Refusal::kNone) {
    if (deadline <= parts_.scheduler.now() || added.blocked.owner == incoming) {
      return {GateEntry::kRefused, {}};
    }
    const AddedOrWaiting waits = manager.add_with_deadline(incoming, stream, deadline);
    if (waits.waiter == WaiterId{}) return {GateEntry::kRefused, {}};
    claim.waiter = waits.waiter;
    claim.state = State::kInLine;
    claim.deadline = deadline;
    return {GateEntry::kWaits, pass(index)};
  }
  claim.resource = added.resource;
  std::deque<std::uint32_t>& line = lines_.of(claim.node);
  if (line.empty()) {
    const Changed moved = revoke ? manager.move_resource(added.resource, of_node.service())
                                 : manager.try_move_resource(added.resource, of_node.service());
    if (moved.refusal == Refusal::kNone) return {GateEntry::kEntered, pass(index)};
  }
  if (deadline <= parts_.scheduler.now()) {
    manager.destroy(added.resource);
    return {GateEntry::kRefused, {}};
  }
  claim.state = State::kInLine;
  claim.deadline = deadline;
  line.push_back(index);
  tell_later(index, GateNews::kRefused, deadline);
  return {GateEntry::kWaits, pass(index)};
}

void ResourceGraphGate::come_in(std::uint32_t index) {
  Claim& claim = claims_[index];
  claim.event = EventId{};
  NodeResources& of_node = parts_.managers.of(claim.node);
  std::deque<std::uint32_t>& line = lines_.of(claim.node);
  if (line.empty()) {
    const Changed moved = of_node.manager().try_move_resource(claim.resource, of_node.service());
    if (moved.refusal == Refusal::kNone) {
      tell(index, GateNews::kEntered);
      return;
    }
  }
  line.push_back(index);
  tell_later(index, GateNews::kRefused, claim.deadline);
}

void ResourceGraphGate::leave(PeerRef node, GatePass pass) {
  const auto index = static_cast<std::uint32_t>(pass.slot);
  KADSIM_ASSERT(index < claims_.size() && claims_[index].generation == pass.slot >> 32,
                "a stream ends twice");
  const Claim claim = claims_[index];
  parts_.scheduler.cancel(claim.event);
  if (claim.inbound && claim.state == State::kInLine) std::erase(lines_.of(node), index);
  if (claim.waiter != WaiterId{} && claim.state == State::kInLine) {
    manager(node).cancel_wait(claim.waiter);
  }
  // Void if it was revoked, and its listener is about to hear of it.
  if (manager(node).exists(claim.resource)) manager(node).destroy(claim.resource);
  free_claim(index);
  serve_next(node);
}

void ResourceGraphGate::serve_next(PeerRef node) {
  std::deque<std::uint32_t>* const found = lines_.find(node);
  if (found == nullptr) return;
  std::deque<std::uint32_t>& line = *found;
  NodeResources& of_node = parts_.managers.of(node);
  const SimTime now = parts_.scheduler.now();
  for (auto next = line.begin(); next != line.end();) {
    Claim& claim = claims_[*next];
    if (claim.deadline <= now) {  // about to hear that it is too late
      ++next;
      continue;
    }
    const Changed moved = of_node.manager().try_move_resource(claim.resource, of_node.service());
    if (moved.refusal != Refusal::kNone) return;
    claim.state = State::kEntering;
    tell_later(*next, GateNews::kEntered, now);
    next = line.erase(next);
  }
}

void ResourceGraphGate::tell_later(std::uint32_t index, GateNews news, SimTime time) {
  Claim& claim = claims_[index];
  parts_.scheduler.cancel(claim.event);
  claim.event =
      parts_.scheduler.schedule_at(time, parts_.order.next(claim.node.value), kStreamNews,
                                   claim.node.value, [this, index, news] { tell(index, news); });
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
      if (told.inbound && told.state == State::kInLine) std::erase(lines_.of(told.node), index);
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
  // Whoever does not know yet that he has it hears that he does not get it.
  const auto index = static_cast<std::uint32_t>(tag);
  const bool held = claims_[index].state == State::kHeld;
  claims_[index].deadline = parts_.scheduler.now();  // in line no more
  tell_later(index, held ? GateNews::kRevoked : GateNews::kRefused, parts_.scheduler.now());
}

void ResourceGraphGate::on_wait_over(WaiterId, Refusal refusal, ResourceId resource,
                                     std::uint64_t tag) {
  const auto index = static_cast<std::uint32_t>(tag);
  Claim& claim = claims_[index];
  const bool granted = refusal == Refusal::kNone;
  claim.resource = resource;
  claim.waiter = WaiterId{};
  if (granted && claim.inbound) {
    claim.event = parts_.scheduler.schedule_at(parts_.scheduler.now(),
                                               parts_.order.next(claim.node.value), kStreamNews,
                                               claim.node.value, [this, index] { come_in(index); });
    return;
  }
  if (granted) claim.state = State::kEntering;
  tell_later(index, granted ? GateNews::kEntered : GateNews::kRefused, parts_.scheduler.now());
}

}  // namespace kadsim

// The part of ResourceGraphGate for inbound streams: how they come in under the temporary owner and
// get to the service, and the line of those that wait for it.

#include "core/limit/resource_graph_gate.hpp"

namespace kadsim {

Gate::Answer ResourceGraphGate::enter_inbound(std::uint32_t index, SimTime wait_end) {
  Claim& claim = claims_[index];
  ResourceManager& manager = parts_.managers.of(claim.node).manager();
  const bool may_revoke = parts_.rule.may_revoke();
  const bool may_wait = wait_end > parts_.scheduler.now();
  // From the start it ranks like the streams that the service has.
  const ResourceOptions stream{.resource_class = kStreams,
                               .priority = parts_.service_priority,
                               .listener = this,
                               .tag = index};
  const OwnerId incoming = manager.temporary_owner();
  const AddedResource added =
      may_revoke ? manager.add_resource(incoming, stream) : manager.try_add(incoming, stream);
  claim.wait_end = wait_end;
  if (added.refusal != Refusal::kNone) {
    if (!may_wait || added.blocked.owner == incoming) return {GateEntry::kRefused, {}};
    const AddedOrWaiting waits = manager.add_with_deadline(incoming, stream, wait_end);
    if (waits.waiter == WaiterId{}) return {GateEntry::kRefused, {}};
    return waits_for_node(index, waits.waiter);
  }
  claim.resource = added.resource;
  if (move_to_service(claim, may_revoke)) return holds(index, added.resource);
  if (!may_wait) {
    manager.destroy(added.resource);
    return {GateEntry::kRefused, {}};
  }
  wait_for_service(index);
  return {GateEntry::kWaits, pass(index)};
}

/// False, and nothing has changed, if the service has no room or others wait for it already.
bool ResourceGraphGate::move_to_service(const Claim& claim, bool revoking) {
  if (!service_lines_.of(claim.node).empty()) return false;
  NodeResources& of_node = parts_.managers.of(claim.node);
  ResourceManager& manager = of_node.manager();
  const Changed moved = revoking ? manager.move_resource(claim.resource, of_node.service())
                                 : manager.try_move_resource(claim.resource, of_node.service());
  return moved.refusal == Refusal::kNone;
}

void ResourceGraphGate::wait_for_service(std::uint32_t index) {
  Claim& claim = claims_[index];
  claim.state = State::kWaitsForService;
  service_lines_.of(claim.node).push_back(index);
  tell_later(index, GateNews::kRefused, claim.wait_end);
}

void ResourceGraphGate::leave_service_line(std::uint32_t index) {
  std::erase(service_lines_.of(claims_[index].node), index);
}

void ResourceGraphGate::come_in(std::uint32_t index) {
  claims_[index].event = EventId{};
  if (move_to_service(claims_[index], false)) {
    tell(index, GateNews::kEntered);
  } else {
    wait_for_service(index);
  }
}

/// Moves those in line to the service, in order, until there is no more room.
void ResourceGraphGate::serve_next(PeerRef node) {
  std::deque<std::uint32_t>* const line = service_lines_.find(node);
  if (line == nullptr) return;
  NodeResources& of_node = parts_.managers.of(node);
  const SimTime now = parts_.scheduler.now();
  for (auto next = line->begin(); next != line->end();) {
    Claim& claim = claims_[*next];
    if (claim.wait_end <= now) {  // its listener is about to hear that it is refused
      ++next;
      continue;
    }
    const Changed moved = of_node.manager().try_move_resource(claim.resource, of_node.service());
    if (moved.refusal != Refusal::kNone) return;
    claim.state = State::kEntering;
    tell_later(*next, GateNews::kEntered, now);
    next = line->erase(next);
  }
}

}  // namespace kadsim

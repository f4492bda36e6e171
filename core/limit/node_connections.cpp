// Dials: a connection that is there already, room for a new one at once, and the wait for room.
// What becomes of the connection then is in connection_life.cpp.

#include "core/limit/node_connections.hpp"

namespace kadsim {
namespace {

constexpr EventKind kConnectionNews{"connection"};

}  // namespace

NodeConnections::NodeConnections(PeerRef node, const Parts& parts, ConnectionCounts& counts)
    : node_(node),
      parts_(parts),
      counts_(counts),
      owners_(parts.managers.of(node)),
      manager_(owners_.manager()) {}

ResourceOptions NodeConnections::connection_to(PeerRef contact) {
  return {.resource_class = kConnections, .listener = this, .tag = contact.value};
}

const ContactConnection* NodeConnections::find(PeerRef contact) const {
  const auto at = connections_.find(contact.value);
  return at == connections_.end() ? nullptr : &at->second;
}

NodeConnections::Entry NodeConnections::connect(const Interaction& dial, GateListener& listener,
                                                std::uint64_t tag) {
  collect();
  if (const auto at = connections_.find(dial.to.value); at != connections_.end()) {
    join(dial, at);
    const bool open = at->second.is_open();
    ++(open ? counts_.reused : counts_.dials.entered);
    return open ? Entry::kConnected : Entry::kMayDial;
  }
  const ResourceId room = find_room(dial);
  if (room == ResourceId{}) return wait(dial, listener, tag);
  begin(dial, room);
  ++counts_.dials.entered;
  return Entry::kMayDial;
}

/// A connection for a dial that does not wait; {} if there is no room for it.
ResourceId NodeConnections::find_room(const Interaction& dial) {
  const OwnerId operation = owners_.operation(dial.operation);
  const bool may_revoke = parts_.rule.may_revoke();
  // A dial never overtakes those that wait.
  if (!waiting_.empty() && !may_revoke) return {};
  AddedResource added = manager_.try_add(operation, connection_to(dial.to));
  const auto node_is_full = [&] {
    return added.refusal == Refusal::kOverLimit && added.blocked.owner == manager_.root();
  };
  while (node_is_full() && give_way()) {
    added = manager_.try_add(operation, connection_to(dial.to));
  }
  if (added.refusal == Refusal::kOverLimit && may_revoke) {
    added = manager_.add_resource(operation, connection_to(dial.to));
  }
  return added.resource;
}

/// Closes the unused connection that is the first to give way. False if there is none.
bool NodeConnections::give_way() {
  if (unused_.empty()) return false;
  close(connections_.find(unused_.begin()->contact));
  ++counts_.collected;
  return true;
}

NodeConnections::Entry NodeConnections::wait(const Interaction& dial, GateListener& listener,
                                             std::uint64_t tag) {
  const SimTime wait_end = parts_.rule.wait_end(now(), dial.deadline);
  if (wait_end > now()) {
    const AddedOrWaiting added = manager_.add_with_deadline(owners_.operation(dial.operation),
                                                            connection_to(dial.to), wait_end);
    if (added.resource != ResourceId{}) {
      begin(dial, added.resource);
      ++counts_.dials.entered;
      return Entry::kMayDial;
    }
    if (added.waiter != WaiterId{}) {
      owners_.claim(dial.operation);  // its owner stays until the wait is over
      waiting_.add(added.waiter, dial, listener, tag);
      ++counts_.dials.waited;
      return Entry::kWaits;
    }
  }
  ++counts_.dials.refused;
  return Entry::kRefused;
}

/// Closes unused connections while the node is full and dials wait.
void NodeConnections::let_waiters_in() {
  const auto limit = manager_.limit(manager_.root(), kConnections);
  if (!limit.has_value()) return;
  const auto node_is_full = [&] {
    return manager_.used(manager_.root(), kConnections) >= limit->units;
  };
  while (waiting_.any_without_room() && node_is_full()) {
    if (!give_way()) return;
  }
}

void NodeConnections::on_wait_over(WaiterId waiter, Refusal refusal, ResourceId connection,
                                   std::uint64_t) {
  if (refusal == Refusal::kNone) {
    waiting_.grant(waiter, connection);
  } else {
    waiting_.refuse(waiter);
  }
  parts_.scheduler.of(node_.value).at(now(), kConnectionNews, [this, waiter] {
    wait_over(waiter);
  });
}

/// The event in which the listener hears how its wait has ended.
void NodeConnections::wait_over(WaiterId waiter) {
  const WaitingDial waited = waiting_.take(waiter);
  const bool granted = waited.state == WaitingDial::State::kGranted;
  if (granted) {
    ++(enter(waited) ? counts_.reused : counts_.dials.entered);
  } else {
    ++counts_.dials.refused;
  }
  owners_.unclaim(waited.dial.operation);
  waited.listener->on_gate(waited.tag, granted ? GateNews::kEntered : GateNews::kRefused);
}

/// A dial that waited has a connection now. True if no dial is needed.
bool NodeConnections::enter(const WaitingDial& waited) {
  const auto at = connections_.find(waited.dial.to.value);
  if (at == connections_.end()) {
    begin(waited.dial, waited.connection);
    return false;
  }
  // Another operation has dialled the contact meanwhile, and one connection is enough.
  manager_.destroy(waited.connection);
  join(waited.dial, at);
  return at->second.is_open();
}

}  // namespace kadsim

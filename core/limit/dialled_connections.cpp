// The table of connections of each node, and the life of a connection from its dial to its end.

#include "core/limit/dialled_connections.hpp"

namespace kadsim {

DialledConnections::Node& DialledConnections::node_of(PeerRef at) {
  if (Node* const known = nodes_.find(at)) return *known;
  Node& node = nodes_.of(at, at);
  all_nodes_.push_back(&node);
  return node;
}

DialledConnections::Counts DialledConnections::counts() const {
  Counts counts = counts_;
  for (const Node* node : all_nodes_) {
    for (const auto& [unused_since, contact] : node->idle) {
      if (!is_due(unused_since)) break;
      ++counts.collected;
    }
  }
  return counts;
}

std::size_t DialledConnections::connections(PeerRef node) const {
  const Node* const found = nodes_.find(node);
  return found == nullptr ? 0 : found->contacts.size();
}

ResourceId DialledConnections::connection(PeerRef at, PeerRef contact) const {
  const Node& node = *nodes_.find(at);
  const auto known = node.contacts.find(contact.value);
  return known == node.contacts.end() ? ResourceId{} : known->second.connection;
}

bool DialledConnections::is_open(PeerRef at, PeerRef contact) const {
  const Node& node = *nodes_.find(at);
  const auto known = node.contacts.find(contact.value);
  return known != node.contacts.end() && known->second.open;
}

DialledConnections::Entry DialledConnections::connect(const Interaction& dial,
                                                      GateListener& listener, std::uint64_t tag) {
  Node& node = node_of(dial.from);
  collect(node);
  if (const auto known = node.contacts.find(dial.to.value); known != node.contacts.end()) {
    use(node, dial);
    ++(known->second.open ? counts_.reused : counts_.dials.entered);
    return known->second.open ? Entry::kConnected : Entry::kMayDial;
  }
  // A dial never overtakes those that wait.
  const bool in_line = !node.waits.empty() && !parts_.rule.may_revoke();
  const OwnerId operation = owners(node).operation(dial.operation);
  const ResourceOptions connection{
      .resource_class = kConnections, .listener = this, .tag = dial.from.value};
  AddedResource added{.refusal = Refusal::kOverLimit};
  if (!in_line) {
    added = manager(node).try_add(operation, connection);
    while (added.refusal == Refusal::kOverLimit && added.blocked.owner == manager(node).root() &&
           give_way(node)) {
      added = manager(node).try_add(operation, connection);
    }
  }
  if (added.refusal == Refusal::kOverLimit && parts_.rule.may_revoke()) {
    added = manager(node).add_resource(operation, connection);
  }
  if (added.refusal != Refusal::kNone) return wait(node, dial, listener, tag);
  hold(node, dial, added.resource);
  ++counts_.dials.entered;
  return Entry::kMayDial;
}

void DialledConnections::hold(Node& node, const Interaction& dial, ResourceId connection) {
  node.contacts[dial.to.value] = {.connection = connection, .users = 1};
  node.by_slot[connection.slot] = dial.to.value;
  begin_use(node, dial, connection);
}

void DialledConnections::dialling(const Interaction& dial) {
  ++node_of(dial.from).contacts.at(dial.to.value).dialling;
}

bool DialledConnections::dialled(const Interaction& dial, ResourceId connection, bool connected,
                                 Duration took) {
  Node& node = node_of(dial.from);
  const auto known = node.contacts.find(dial.to.value);
  if (known == node.contacts.end() || known->second.connection != connection) return false;
  Contact& contact = known->second;
  --contact.dialling;
  if (connected) {
    contact.open = true;
    contact.took = took;
    keep(node, dial.to.value);
  } else if (!contact.open && contact.dialling == 0 && contact.users == 0) {
    close(node, dial.to.value);
  }
  return true;
}

void DialledConnections::forget(Node& node, std::uint32_t contact) {
  const auto known = node.contacts.find(contact);
  const Contact& entry = known->second;
  if (entry.users == 0) unused(node, entry).erase({entry.unused_since, contact});
  if (entry.kept) --node.kept[table(node).bucket_index({contact})];
  node.by_slot.erase(entry.connection.slot);
  node.contacts.erase(known);
}

void DialledConnections::close(Node& node, std::uint32_t contact) {
  const ResourceId connection = node.contacts.at(contact).connection;
  forget(node, contact);
  manager(node).destroy(connection);
}

void DialledConnections::collect(Node& node) {
  while (!node.idle.empty() && is_due(node.idle.begin()->first)) {
    close(node, node.idle.begin()->second);
    ++counts_.collected;
  }
}

void DialledConnections::on_ended(VertexId what, EndReason reason, std::uint64_t tag) {
  Node& node = node_of({static_cast<std::uint32_t>(tag)});
  if (const auto known = node.by_slot.find(what.slot); known != node.by_slot.end()) {
    if (reason == EndReason::kRevoked) ++counts_.dials.revoked;
    forget(node, known->second);
    return;
  }
  // It was granted to a dial that has not heard of it yet: that dial will be refused.
  for (auto& [waiter, wait] : node.waits) {
    if (wait.connection == what.resource()) wait.connection = {};
  }
}

}  // namespace kadsim

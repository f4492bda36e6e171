#include "core/limit/dialled_connections.hpp"

namespace kadsim {

NodeConnections& DialledConnections::of(PeerRef node) {
  if (NodeConnections* const known = nodes_.find(node)) return *known;
  NodeConnections& made = nodes_.of(node, node, parts_, counts_);
  all_nodes_.push_back(&made);
  return made;
}

DialledConnections::Entry DialledConnections::connect(const Interaction& dial,
                                                      GateListener& listener, std::uint64_t tag) {
  return of(dial.from).connect(dial, listener, tag);
}

void DialledConnections::dialling(const Interaction& dial) { of(dial.from).dialling(dial.to); }

bool DialledConnections::dialled(const Interaction& dial, ResourceId connection, bool connected,
                                 Duration took) {
  return of(dial.from).dialled(dial.to, connection, connected, took);
}

DialledConnections::UseId DialledConnections::use(const Interaction& request) {
  return of(request.from).use(request);
}

DialledConnections::UseId DialledConnections::use_of(const Interaction& interaction) const {
  const NodeConnections* const node = nodes_.find(interaction.from);
  return node == nullptr ? UseId{} : node->use_of(interaction);
}

void DialledConnections::release(const Interaction& interaction, UseId use) {
  of(interaction.from).release(interaction, use);
}

void DialledConnections::operation_over(PeerRef node, std::uint64_t operation) {
  if (NodeConnections* const known = nodes_.find(node)) known->operation_over(operation);
  if (NodeResources* const owners = parts_.managers.find(node)) owners->operation_over(operation);
}

const ContactConnection* DialledConnections::find(PeerRef at, PeerRef contact) const {
  const NodeConnections* const node = nodes_.find(at);
  return node == nullptr ? nullptr : node->find(contact);
}

ResourceId DialledConnections::connection(PeerRef at, PeerRef contact) const {
  const ContactConnection* const found = find(at, contact);
  return found == nullptr ? ResourceId{} : found->resource();
}

bool DialledConnections::is_open(PeerRef at, PeerRef contact) const {
  const ContactConnection* const found = find(at, contact);
  return found != nullptr && found->is_open();
}

std::size_t DialledConnections::connections(PeerRef node) const {
  const NodeConnections* const found = nodes_.find(node);
  return found == nullptr ? 0 : found->size();
}

ConnectionCounts DialledConnections::counts() const {
  ConnectionCounts counts = counts_;
  for (const NodeConnections* node : all_nodes_) counts.collected += node->due();
  return counts;
}

}  // namespace kadsim

// The part of DialledConnections for operations: which connections they use, and what becomes of a
// connection when the last operation that used it leaves.

#include "core/limit/dialled_connections.hpp"

#include "core/base/assert.hpp"

namespace kadsim {

DialledConnections::UseId DialledConnections::use_of(const Interaction& interaction) const {
  const Node* const node = nodes_.find(interaction.from);
  if (node == nullptr) return {};
  const Uses& uses = node->uses;
  const auto use = uses.find({interaction.operation, interaction.to.value});
  return use == uses.end() ? UseId{} : use->second.id;
}

void DialledConnections::use(Node& node, const Interaction& interaction) {
  const std::uint32_t to = interaction.to.value;
  Contact& contact = node.contacts.at(to);
  const auto present = node.uses.find({interaction.operation, to});
  if (present != node.uses.end() && present->second.connection == contact.connection) {
    ++present->second.count;
    return;
  }
  const OwnerId operation = owners(node).operation(interaction.operation);
  begin_use(node, interaction, contact.connection);
  // Refused if the operation is over its limit: then it uses the connection without owning it.
  manager(node).try_add(operation, contact.connection, {});
  if (contact.users++ > 0) return;
  unused(node, contact).erase({contact.unused_since, to});
  if (!contact.kept) manager(node).drop_owner(owners(node).idle(), contact.connection);
}

DialledConnections::UseId DialledConnections::use(const Interaction& request) {
  Node& node = node_of(request.from);
  collect(node);
  if (!node.contacts.contains(request.to.value)) return {};
  use(node, request);
  return use_of(request);
}

void DialledConnections::begin_use(Node& node, const Interaction& interaction,
                                   ResourceId connection) {
  const auto [use, is_new] =
      node.uses.try_emplace({interaction.operation, interaction.to.value}, Use{});
  if (is_new) owners(node).claim(interaction.operation);  // else that of a connection now gone
  use->second = {{++last_use_}, connection, 1};
}

void DialledConnections::release(const Interaction& interaction, UseId use) {
  Node& node = node_of(interaction.from);
  const auto present = node.uses.find({interaction.operation, interaction.to.value});
  if (present == node.uses.end() || present->second.id != use) return;
  if (--present->second.count > 0) return;
  end_use(node, present);
  let_waiters_in(node);
}

void DialledConnections::end_use(Node& node, Uses::iterator use) {
  const auto [operation, contact] = use->first;
  const ResourceId connection = use->second.connection;
  node.uses.erase(use);
  const auto known = node.contacts.find(contact);
  if (known != node.contacts.end() && known->second.connection == connection) {
    user_leaves(node, operation, contact);
  }
  owners(node).unclaim(operation);
}

void DialledConnections::user_leaves(Node& node, std::uint64_t operation, std::uint32_t contact) {
  Contact& entry = node.contacts.at(contact);
  const ResourceId connection = entry.connection;
  if (--entry.users == 0) {
    if (!entry.open && entry.dialling == 0) {  // its dial has failed
      close(node, contact);
      return;
    }
    entry.unused_since = parts_.scheduler.now();
    unused(node, entry).emplace(entry.unused_since, contact);
    if (!entry.kept) {
      manager(node).try_add(owners(node).idle(), connection, EdgePriority::of(0));
    }
  }
  drop(node, connection, owners(node).operation(operation));
}

void DialledConnections::drop(Node& node, ResourceId connection, OwnerId owner) {
  const Refusal refusal = manager(node).drop_owner(owner, connection).refusal;
  if (refusal != Refusal::kOverLimit) return;
  // It was charged to `owner`, and its other owners have no room for it. `idle` has, and ranks
  // last.
  manager(node).try_add(owners(node).idle(), connection, EdgePriority::of(0));
  const Changed dropped = manager(node).drop_owner(owner, connection);
  KADSIM_ASSERT(dropped.refusal == Refusal::kNone, "an owner could not let go of a connection");
}

void DialledConnections::operation_over(PeerRef at, std::uint64_t operation) {
  if (Node* const found = nodes_.find(at)) {
    Node& node = *found;
    auto use = node.uses.lower_bound({operation, 0});
    while (use != node.uses.end() && use->first.first == operation) end_use(node, use++);
    let_waiters_in(node);
    const SimTime now = parts_.scheduler.now();
    if (now >= node.last_review + parts_.options.review_every) {
      node.last_review = now;
      collect(node);
      review(node);
    }
  }
  if (NodeResources* manager = parts_.managers.find(at)) manager->operation_over(operation);
}

}  // namespace kadsim

// The life of a connection that has room: its dials, the operations that use it, and its end. What
// each event does to the connection's own state is in contact_connection.cpp; here is what follows
// for the owners of its resource, and for the order in which unused connections give way.

#include "core/limit/node_connections.hpp"

#include "core/base/assert.hpp"

namespace kadsim {

// Dials.

/// There is room for the connection: the operation is about to dial.
void NodeConnections::begin(const Interaction& dial, ResourceId connection) {
  connections_.emplace(dial.to.value, ContactConnection(connection));
  begin_use(dial, connection);
}

void NodeConnections::dialling(PeerRef contact) { connections_.at(contact.value).dial_begins(); }

bool NodeConnections::dialled(PeerRef contact, ResourceId connection, bool connected,
                              Duration took) {
  const auto at = connections_.find(contact.value);
  if (at == connections_.end() || at->second.resource() != connection) return false;
  if (connected) {
    at->second.dial_succeeds(took);
    keep(at);
  } else {
    at->second.dial_fails();
    if (at->second.is_void()) close(at);
  }
  return true;
}

// Uses.

ConnectionUses::Id NodeConnections::use_of(const Interaction& interaction) const {
  return uses_.of({interaction.operation, interaction.to.value});
}

ConnectionUses::Id NodeConnections::use(const Interaction& request) {
  collect();
  const auto at = connections_.find(request.to.value);
  if (at == connections_.end()) return {};
  join(request, at);
  return use_of(request);
}

/// One dial or request more of the operation uses the connection.
void NodeConnections::join(const Interaction& interaction, Connections::iterator at) {
  ContactConnection& connection = at->second;
  const ResourceId resource = connection.resource();
  if (uses_.share({interaction.operation, interaction.to.value}, resource)) return;
  const OwnerId operation = owners_.operation(interaction.operation);
  begin_use(interaction, resource);
  // Refused if the operation is over its limit: then it uses the connection without owning it.
  manager_.try_add(operation, resource, {});
  if (connection.need() == ContactConnection::Need::kIdle) {
    manager_.drop_owner(owners_.idle(), resource);
  }
  strike_off(at);
  connection.user_comes();
}

void NodeConnections::begin_use(const Interaction& interaction, ResourceId connection) {
  const bool is_new = uses_.begin({interaction.operation, interaction.to.value}, connection);
  if (is_new) owners_.claim(interaction.operation);  // else that of a connection now gone
}

void NodeConnections::release(const Interaction& interaction, ConnectionUses::Id use) {
  const auto ended = uses_.leave({interaction.operation, interaction.to.value}, use);
  if (!ended.has_value()) return;
  end_use(*ended);
  let_waiters_in();
}

void NodeConnections::operation_over(std::uint64_t operation) {
  while (const auto ended = uses_.end_first(operation)) end_use(*ended);
  let_waiters_in();
  if (now() < last_review_ + parts_.options.review_every) return;
  last_review_ = now();
  collect();
  review();
}

/// The operation no longer owns the connection, unless that is lost already.
void NodeConnections::end_use(const ConnectionUses::Ended& use) {
  const auto at = connections_.find(use.key.contact);
  if (at != connections_.end() && at->second.resource() == use.connection) {
    at->second.user_leaves(now());
    if (at->second.is_void()) {
      close(at);
    } else {
      if (at->second.need() == ContactConnection::Need::kIdle) own_idle(use.connection);
      enlist(at);
      disown(use.connection, owners_.operation(use.key.operation));
    }
  }
  owners_.unclaim(use.key.operation);
}

// Owners, and the order in which unused connections give way.

/// From now on `owner` does not own the connection.
void NodeConnections::disown(ResourceId connection, OwnerId owner) {
  if (manager_.drop_owner(owner, connection).refusal != Refusal::kOverLimit) return;
  // It was charged to `owner`, and its other owners have no room for it. `idle` has, and ranks
  // last.
  own_idle(connection);
  const Changed dropped = manager_.drop_owner(owner, connection);
  KADSIM_ASSERT(dropped.refusal == Refusal::kNone, "an owner could not let go of a connection");
}

void NodeConnections::own_idle(ResourceId connection) {
  manager_.try_add(owners_.idle(), connection, EdgePriority::of(0));
}

void NodeConnections::enlist(Connections::iterator at) {
  const ContactConnection& connection = at->second;
  if (!connection.is_unused()) return;
  unused_.insert({connection.need(), connection.unused_since(), at->first});
}

void NodeConnections::strike_off(Connections::iterator at) {
  const ContactConnection& connection = at->second;
  if (!connection.is_unused()) return;
  unused_.erase({connection.need(), connection.unused_since(), at->first});
}

// The end.

void NodeConnections::close(Connections::iterator at) {
  const ResourceId connection = at->second.resource();
  forget(at);
  manager_.destroy(connection);
}

void NodeConnections::forget(Connections::iterator at) {
  strike_off(at);
  if (at->second.is_kept()) --kept_[table().bucket_index({at->first})];
  connections_.erase(at);
}

bool NodeConnections::is_due(const Unused& unused) const {
  return unused.need == ContactConnection::Need::kIdle &&
         unused.since + parts_.options.collect_after <= now();
}

void NodeConnections::collect() {
  while (!unused_.empty() && is_due(*unused_.begin())) give_way();
}

std::size_t NodeConnections::due() const {
  std::size_t due = 0;
  for (const Unused& unused : unused_) {
    if (!is_due(unused)) break;
    ++due;
  }
  return due;
}

void NodeConnections::on_ended(VertexId what, EndReason reason, std::uint64_t contact) {
  const auto at = connections_.find(static_cast<std::uint32_t>(contact));
  if (at == connections_.end() || at->second.resource() != what.resource()) {
    waiting_.lose(what.resource());
    return;
  }
  if (reason == EndReason::kRevoked) ++counts_.dials.revoked;
  forget(at);
}

}  // namespace kadsim

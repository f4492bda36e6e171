#include "core/limit/dialled_connections.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {
namespace {

constexpr EventKind kConnectionNews{"connection"};

}  // namespace

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
  // Nobody overtakes those who wait.
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

DialledConnections::Entry DialledConnections::wait(Node& node, const Interaction& dial,
                                                   GateListener& listener, std::uint64_t tag) {
  const SimTime deadline = parts_.rule.wait_end(parts_.scheduler.now(), dial.deadline);
  if (deadline > parts_.scheduler.now()) {
    const AddedOrWaiting added = manager(node).add_with_deadline(
        owners(node).operation(dial.operation),
        {.resource_class = kConnections, .listener = this, .tag = dial.from.value}, deadline);
    if (added.resource != ResourceId{}) {
      hold(node, dial, added.resource);
      ++counts_.dials.entered;
      return Entry::kMayDial;
    }
    if (added.refusal == Refusal::kNone) {
      owners(node).claim(dial.operation);  // its owner stays until the wait is over
      node.waits[added.waiter.number] = {dial, &listener, tag, {}};
      ++counts_.dials.waited;
      return Entry::kWaits;
    }
  }
  ++counts_.dials.refused;
  return Entry::kRefused;
}

void DialledConnections::hold(Node& node, const Interaction& dial, ResourceId connection) {
  node.contacts[dial.to.value] = {.connection = connection, .users = 1};
  node.by_slot[connection.slot] = dial.to.value;
  begin_use(node, dial, connection);
}

void DialledConnections::begin_use(Node& node, const Interaction& interaction,
                                   ResourceId connection) {
  const auto [use, is_new] =
      node.uses.try_emplace({interaction.operation, interaction.to.value}, Use{});
  if (is_new) owners(node).claim(interaction.operation);  // else that of a connection now gone
  use->second = {{++last_use_}, connection, 1};
}

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
  // Refused where the operation is over its limit: then it does without owning it.
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

void DialledConnections::drop(Node& node, ResourceId connection, OwnerId owner) {
  const Refusal refusal = manager(node).drop_owner(owner, connection).refusal;
  if (refusal != Refusal::kOverLimit) return;
  // It was charged to `owner`, and those who share it are full: `idle` is not, and ranks last.
  manager(node).try_add(owners(node).idle(), connection, EdgePriority::of(0));
  const Changed dropped = manager(node).drop_owner(owner, connection);
  KADSIM_ASSERT(dropped.refusal == Refusal::kNone, "an owner could not let go of a connection");
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

bool DialledConnections::give_way(Node& node) {
  const LeastRecent& first = node.idle.empty() ? node.spare : node.idle;
  if (first.empty()) return false;
  close(node, first.begin()->second);
  ++counts_.collected;
  return true;
}

void DialledConnections::let_waiters_in(Node& node) {
  const auto waits = [&node] {
    return std::ranges::any_of(
        node.waits, [](const auto& wait) { return wait.second.connection == ResourceId{}; });
  };
  const auto limit = manager(node).limit(manager(node).root(), kConnections);
  if (!limit.has_value()) return;
  while (waits() && manager(node).used(manager(node).root(), kConnections) >= limit->units) {
    if (!give_way(node)) return;
  }
}

void DialledConnections::on_ended(VertexId what, EndReason reason, std::uint64_t tag) {
  Node& node = node_of({static_cast<std::uint32_t>(tag)});
  if (const auto known = node.by_slot.find(what.slot); known != node.by_slot.end()) {
    if (reason == EndReason::kRevoked) ++counts_.dials.revoked;
    forget(node, known->second);
    return;
  }
  // Granted, and whoever waited for it has not heard of it yet: he will hear that it is gone.
  for (auto& [waiter, wait] : node.waits) {
    if (wait.connection == what.resource()) wait.connection = {};
  }
}

void DialledConnections::on_wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                                      std::uint64_t tag) {
  const PeerRef at{static_cast<std::uint32_t>(tag)};
  const bool granted = refusal == Refusal::kNone;
  node_of(at).waits.at(waiter.number).connection = resource;
  parts_.scheduler.schedule_at(
      parts_.scheduler.now(), parts_.order.next(at.value), kConnectionNews, at.value,
      [this, at, number = waiter.number, granted] { wait_over(at, number, granted); });
}

void DialledConnections::wait_over(PeerRef at, std::uint64_t waiter, bool granted) {
  Node& node = node_of(at);
  const Wait wait = node.waits.at(waiter);
  node.waits.erase(waiter);
  const bool entered = granted && wait.connection != ResourceId{};
  if (entered) {
    if (!node.contacts.contains(wait.dial.to.value)) {
      hold(node, wait.dial, wait.connection);
    } else {  // somebody else has dialled it meanwhile
      manager(node).destroy(wait.connection);
      use(node, wait.dial);
    }
  }
  ++(!entered                    ? counts_.dials.refused
     : is_open(at, wait.dial.to) ? counts_.reused
                                 : counts_.dials.entered);
  owners(node).unclaim(wait.dial.operation);
  wait.listener->on_gate(wait.tag, entered ? GateNews::kEntered : GateNews::kRefused);
}

}  // namespace kadsim

#include "core/client/contact_keeper.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {
namespace {

constexpr EventKind kConnectionNews{"connection"};

}  // namespace

std::size_t ContactKeeper::connections(PeerRef node) const {
  const auto found = nodes_.find(node.value);
  return found == nodes_.end() ? 0 : found->second.contacts.size();
}

ContactKeeper::Entry ContactKeeper::connect(const Interaction& dial, GateListener& listener,
                                            std::uint64_t tag) {
  Node& node = node_of(dial.from);
  collect(node);
  if (const auto known = node.contacts.find(dial.to.value); known != node.contacts.end()) {
    use(node, dial);
    if (known->second.open) {
      ++counts_.reused;
      return Entry::kConnected;
    }
    ++known->second.dialling;
    ++counts_.dials.entered;
    return Entry::kMayDial;
  }
  const OwnerId operation = owners(node).operation(dial.operation);
  const ResourceOptions connection{
      .resource_class = kConnections, .listener = this, .tag = dial.from.value};
  AddedResource added = manager(node).try_add(operation, connection);
  while (added.refusal == Refusal::kOverLimit && !node.idle.empty()) {
    close(node, node.idle.begin()->second);
    ++counts_.collected;
    added = manager(node).try_add(operation, connection);
  }
  if (added.refusal == Refusal::kOverLimit &&
      std::holds_alternative<on_limit::Revoke>(parts_.on_limit)) {
    added = manager(node).add_resource(operation, connection);
  }
  if (added.refusal == Refusal::kNone) {
    hold(node, dial, added.resource);
    ++counts_.dials.entered;
    return Entry::kMayDial;
  }
  return wait(node, dial, listener, tag);
}

ContactKeeper::Entry ContactKeeper::wait(Node& node, const Interaction& dial,
                                         GateListener& listener, std::uint64_t tag) {
  SimTime deadline = parts_.scheduler.now();
  if (std::holds_alternative<on_limit::Wait>(parts_.on_limit)) deadline = dial.deadline;
  if (const auto* rule = std::get_if<on_limit::WaitFor>(&parts_.on_limit)) {
    deadline = std::min(dial.deadline, deadline + rule->wait_for);
  }
  if (deadline > parts_.scheduler.now()) {
    const AddedOrWaiting added = manager(node).add_with_deadline(
        owners(node).operation(dial.operation),
        {.resource_class = kConnections, .listener = this, .tag = dial.from.value}, deadline);
    KADSIM_ASSERT(added.resource == ResourceId{}, "there was no room a moment ago");
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

void ContactKeeper::hold(Node& node, const Interaction& dial, ResourceId connection) {
  node.contacts[dial.to.value] = {.connection = connection, .dialling = 1};
  node.by_slot[connection.slot] = dial.to.value;
  node.used_by[dial.operation].push_back({dial.to.value, connection});
}

void ContactKeeper::use(Node& node, const Interaction& dial) {
  Contact& contact = node.contacts.at(dial.to.value);
  const Use use{dial.to.value, contact.connection};
  std::vector<Use>& used = node.used_by[dial.operation];
  if (std::ranges::find(used, use) != used.end()) return;
  used.push_back(use);
  manager(node).try_add(owners(node).operation(dial.operation), contact.connection, {});
  if (!contact.idle) return;
  contact.idle = false;
  node.idle.erase({contact.idle_since, dial.to.value});
  // Refused where the operation has no room for it: then it stays charged there.
  manager(node).drop_owner(owners(node).idle(), contact.connection);
}

bool ContactKeeper::dialled(const Interaction& dial, bool connected, Duration took) {
  Node& node = node_of(dial.from);
  const auto known = node.contacts.find(dial.to.value);
  if (known == node.contacts.end()) return false;
  Contact& contact = known->second;
  if (contact.dialling > 0) --contact.dialling;
  if (connected) {
    contact.open = true;
    contact.took = took;
    keep(node, dial.to.value);
  } else if (!contact.open && contact.dialling == 0) {
    close(node, dial.to.value);
  }
  return true;
}

void ContactKeeper::operation_over(PeerRef at, std::uint64_t operation) {
  const auto found = nodes_.find(at.value);
  if (found != nodes_.end()) {
    Node& node = found->second;
    if (const auto used = node.used_by.find(operation); used != node.used_by.end()) {
      const OwnerId owner = owners(node).operation(operation);
      for (const Use& use : used->second) {
        const auto known = node.contacts.find(use.contact);
        if (known == node.contacts.end() || known->second.connection != use.connection) continue;
        drop(node, use.contact, owner);
      }
      node.used_by.erase(used);
    }
    const SimTime now = parts_.scheduler.now();
    if (now >= node.last_review + parts_.options.review_every) {
      node.last_review = now;
      review(node);
    }
  }
  if (NodeManager* manager = parts_.managers.find(at)) manager->operation_over(operation);
}

void ContactKeeper::forget(Node& node, std::uint32_t contact) {
  const auto known = node.contacts.find(contact);
  const Contact& entry = known->second;
  if (entry.kept) --node.kept[table(node).bucket_index({contact})];
  if (entry.idle) node.idle.erase({entry.idle_since, contact});
  node.by_slot.erase(entry.connection.slot);
  node.contacts.erase(known);
}

void ContactKeeper::close(Node& node, std::uint32_t contact) {
  const ResourceId connection = node.contacts.at(contact).connection;
  forget(node, contact);
  manager(node).destroy(connection);
}

void ContactKeeper::collect(Node& node) {
  const SimTime now = parts_.scheduler.now();
  while (!node.idle.empty() && node.idle.begin()->first + parts_.options.collect_after <= now) {
    close(node, node.idle.begin()->second);
    ++counts_.collected;
  }
}

void ContactKeeper::keep(Node& node, std::uint32_t contact) {
  Contact& entry = node.contacts.at(contact);
  const RoutingTable of_node = table(node);
  if (entry.kept || !of_node.contains({contact})) return;
  const unsigned index = of_node.bucket_index({contact});
  if (node.kept[index] >= parts_.k) return;  // until those it has lost are let go
  const Changed added =
      manager(node).try_add(owners(node).bucket(index), entry.connection, EdgePriority());
  KADSIM_ASSERT(added.refusal == Refusal::kNone, "a bucket could not keep a connection");
  entry.kept = true;
  ++node.kept[index];
}

void ContactKeeper::let_go(Node& node, std::uint32_t contact) {
  Contact& entry = node.contacts.at(contact);
  const unsigned index = table(node).bucket_index({contact});
  entry.kept = false;
  --node.kept[index];
  drop(node, contact, owners(node).bucket(index));
}

void ContactKeeper::drop(Node& node, std::uint32_t contact, OwnerId owner) {
  const ResourceId connection = node.contacts.at(contact).connection;
  const OwnerId idle = owners(node).idle();
  const std::vector<OwnerEdge> all = manager(node).owners(connection);
  const bool last = std::ranges::none_of(
      all, [&](const OwnerEdge& edge) { return edge.owner != owner && edge.owner != idle; });
  if (last) let_idle(node, contact);
  const Refusal refusal = manager(node).drop_owner(owner, connection).refusal;
  if (refusal != Refusal::kOverLimit) return;
  // It was charged to `owner`, and those who share it are full: `idle` is not, and ranks last.
  manager(node).try_add(idle, connection, EdgePriority::of(0));
  const Changed dropped = manager(node).drop_owner(owner, connection);
  KADSIM_ASSERT(dropped.refusal == Refusal::kNone, "an owner could not let go of a connection");
}

void ContactKeeper::let_idle(Node& node, std::uint32_t contact) {
  Contact& entry = node.contacts.at(contact);
  entry.idle = true;
  entry.idle_since = parts_.scheduler.now();
  node.idle.emplace(entry.idle_since, contact);
  manager(node).try_add(owners(node).idle(), entry.connection, EdgePriority::of(0));
}

void ContactKeeper::review(Node& node) {
  std::map<unsigned, std::vector<std::uint32_t>> outside;  // by bucket
  std::vector<std::uint32_t> gone;
  const RoutingTable of_node = table(node);
  for (const auto& [contact, entry] : node.contacts) {
    if (of_node.contains({contact})) continue;
    if (entry.kept) gone.push_back(contact);
    if (entry.open) outside[of_node.bucket_index({contact})].push_back(contact);
  }
  for (const std::uint32_t contact : gone) let_go(node, contact);
  if (!parts_.tables_learn) return;
  for (auto& [index, contacts] : outside) review_bucket(node, index, contacts);
}

PeerRef ContactKeeper::worst_entry(const Node& node, unsigned index) const {
  PeerRef worst = kNobody;
  Duration longest;
  for (const PeerRef entry : table(node).bucket(index)) {
    const auto known = node.contacts.find(entry.value);
    if (known == node.contacts.end() || !known->second.open) return entry;
    if (worst == kNobody || known->second.took > longest) {
      worst = entry;
      longest = known->second.took;
    }
  }
  return worst;
}

void ContactKeeper::review_bucket(Node& node, unsigned index, std::vector<std::uint32_t>& outside) {
  RoutingTable of_node = table(node);
  std::ranges::sort(outside, {}, [&](std::uint32_t contact) {
    return std::pair(node.contacts.at(contact).took, contact);
  });
  for (const std::uint32_t contact : outside) {
    if (of_node.bucket(index).size() >= parts_.k) {
      const PeerRef worst = worst_entry(node, index);
      const auto known = node.contacts.find(worst.value);
      const bool connected = known != node.contacts.end() && known->second.open;
      if (connected && known->second.took <= node.contacts.at(contact).took) return;
      of_node.remove(worst);
      if (known != node.contacts.end() && known->second.kept) let_go(node, worst.value);
      ++counts_.replaced;
    }
    of_node.add({contact});
    keep(node, contact);
  }
}

void ContactKeeper::on_ended(VertexId what, EndReason reason, std::uint64_t tag) {
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

void ContactKeeper::on_wait_over(WaiterId waiter, Refusal refusal, ResourceId resource,
                                 std::uint64_t tag) {
  const PeerRef at{static_cast<std::uint32_t>(tag)};
  const bool granted = refusal == Refusal::kNone;
  node_of(at).waits.at(waiter.number).connection = resource;
  parts_.scheduler.schedule_at(
      parts_.scheduler.now(), parts_.order.next(at.value), kConnectionNews, at.value,
      [this, at, number = waiter.number, granted] { wait_over(at, number, granted); });
}

void ContactKeeper::wait_over(PeerRef at, std::uint64_t waiter, bool granted) {
  Node& node = node_of(at);
  const Wait wait = node.waits.at(waiter);
  node.waits.erase(waiter);
  const bool entered = granted && wait.connection != ResourceId{};
  if (entered) {
    ++counts_.dials.entered;
    const auto known = node.contacts.find(wait.dial.to.value);
    if (known == node.contacts.end()) {
      hold(node, wait.dial, wait.connection);
    } else {  // somebody else has dialled it meanwhile
      manager(node).destroy(wait.connection);
      use(node, wait.dial);
      ++known->second.dialling;
    }
  } else {
    ++counts_.dials.refused;
  }
  owners(node).unclaim(wait.dial.operation);
  wait.listener->on_gate(wait.tag, entered ? GateNews::kEntered : GateNews::kRefused);
}

}  // namespace kadsim

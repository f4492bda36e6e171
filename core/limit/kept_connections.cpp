// The part of DialledConnections for k-buckets: which connections they keep, and how they find
// better entries.

#include "core/base/assert.hpp"
#include "core/limit/dialled_connections.hpp"

#include <algorithm>

namespace kadsim {

void DialledConnections::keep(Node& node, std::uint32_t contact) {
  Contact& entry = node.contacts.at(contact);
  const RoutingTable of_node = table(node);
  if (entry.kept || !of_node.contains({contact})) return;
  const unsigned index = of_node.bucket_index({contact});
  if (node.kept[index] >= parts_.k) return;  // until it drops those it has lost
  const Changed added =
      manager(node).try_add(owners(node).bucket(index), entry.connection, EdgePriority());
  KADSIM_ASSERT(added.refusal == Refusal::kNone, "a bucket could not keep a connection");
  if (entry.users == 0) {
    node.idle.erase({entry.unused_since, contact});
    node.spare.emplace(entry.unused_since, contact);
  }
  entry.kept = true;
  ++node.kept[index];
}

void DialledConnections::let_go(Node& node, std::uint32_t contact) {
  Contact& entry = node.contacts.at(contact);
  const unsigned index = table(node).bucket_index({contact});
  entry.kept = false;
  --node.kept[index];
  if (entry.users == 0) {
    node.spare.erase({entry.unused_since, contact});
    node.idle.emplace(entry.unused_since, contact);
    manager(node).try_add(owners(node).idle(), entry.connection, EdgePriority::of(0));
  }
  drop(node, entry.connection, owners(node).bucket(index));
}

void DialledConnections::review(Node& node) {
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

PeerRef DialledConnections::worst_entry(const Node& node, unsigned index) const {
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

void DialledConnections::review_bucket(Node& node, unsigned index,
                                       std::vector<std::uint32_t>& outside) {
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

}  // namespace kadsim

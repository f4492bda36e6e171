#include "core/resource/ownership_graph.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace kadsim {

bool LeafKey::operator<(const LeafKey& other) const {
  return std::tie(resource_class, alone, priority, other.sequence, slot) <
         std::tie(other.resource_class, other.alone, other.priority, sequence, other.slot);
}

std::uint32_t OwnershipGraph::make_owner(const OwnerOptions& options) {
  const std::uint32_t slot = owners.take();
  OwnerNode& node = owners[slot];
  node.live = true;
  node.charging = options.charging;
  node.charges_above = options.charges_above;
  if (!node.charges_above) ++apart_;
  node.name = options.name;
  node.listener = options.listener;
  node.tag = options.tag;
  return slot;
}

std::uint32_t OwnershipGraph::make_leaf(const ResourceOptions& options) {
  const std::uint32_t slot = leaves.take();
  LeafNode& node = leaves[slot];
  node.live = true;
  node.resource_class = options.resource_class;
  node.units = options.units;
  node.sequence = next_sequence++;
  node.listener = options.listener;
  node.tag = options.tag;
  node.within = options.within;
  return slot;
}

void OwnershipGraph::unmake_leaf(std::uint32_t leaf) {
  const std::uint32_t generation = leaves[leaf].generation;
  KADSIM_ASSERT(leaves[leaf].owners.empty() && !leaves[leaf].charged, "a leaf in use is unmade");
  leaves[leaf] = LeafNode{};
  leaves[leaf].generation = generation;
  --next_sequence;
  leaves.give_back(leaf);
}

void OwnershipGraph::end_owner(std::uint32_t owner) {
  OwnerNode& node = owners[owner];
  KADSIM_ASSERT(node.owners.empty() && node.owned_owners.empty() && node.leaves.empty(),
                "an owner ends that is linked");
  if (!node.charges_above) --apart_;
  const std::uint32_t generation = node.generation;
  node = OwnerNode{};
  node.generation = generation + 1 == 0 ? 1 : generation + 1;
  owners.give_back(owner);
}

void OwnershipGraph::end_leaf(std::uint32_t leaf) {
  LeafNode& node = leaves[leaf];
  KADSIM_ASSERT(node.owners.empty() && !node.charged, "a leaf ends that is linked or charged");
  const std::uint32_t generation = node.generation;
  node = LeafNode{};
  node.generation = generation + 1 == 0 ? 1 : generation + 1;
  leaves.give_back(leaf);
}

void OwnershipGraph::link_owner(std::uint32_t owner, Links links) {
  OwnerNode& node = owners[owner];
  if (node.owners.size() > 1) --several_;
  for (const Link& link : node.owners) owners[link.owner].owned_owners.erase(owner);
  node.owners = std::move(links);
  for (const Link& link : node.owners) owners[link.owner].owned_owners.insert(owner);
  if (node.owners.size() > 1) ++several_;
}

void OwnershipGraph::link_leaf(std::uint32_t leaf, Links links) {
  unindex(leaf);
  LeafNode& node = leaves[leaf];
  node.owners = std::move(links);
  node.all = std::any_of(node.owners.begin(), node.owners.end(), [&](const Link& link) {
    return owners[link.owner].charging == Charging::kAll;
  });
  index(leaf);
}

LeafKey OwnershipGraph::key(std::uint32_t leaf, EdgePriority priority) const {
  const LeafNode& node = leaves[leaf];
  return {node.resource_class, node.owners.size() == 1, priority, node.sequence, leaf};
}

void OwnershipGraph::index(std::uint32_t leaf) {
  const LeafNode& node = leaves[leaf];
  for (const Link& link : node.owners) owners[link.owner].leaves.insert(key(leaf, link.priority));
  if (node.owners.size() > 1) {
    ++several_;
    if (!node.all) classes[node.resource_class.number].several.insert(leaf);
  } else if (node.owners.size() == 1 && !node.all) {
    ++account(node.owners.front().owner, node.resource_class).singles;
  }
}

void OwnershipGraph::unindex(std::uint32_t leaf) {
  const LeafNode& node = leaves[leaf];
  for (const Link& link : node.owners) owners[link.owner].leaves.erase(key(leaf, link.priority));
  if (node.owners.size() > 1) {
    --several_;
    if (!node.all) classes[node.resource_class.number].several.erase(leaf);
  } else if (node.owners.size() == 1 && !node.all) {
    --account(node.owners.front().owner, node.resource_class).singles;
  }
}

void OwnershipGraph::refresh(std::uint32_t owner) {
  for (const std::uint32_t slot : owners_below(owner)) {
    OwnerNode& node = owners[slot];
    if (slot == kRoot || slot == kPlaceholder) continue;
    node.priority = priority(node.owners);
    node.under_placeholder =
        !node.owners.empty() && owners[node.owners.front().owner].under_placeholder;
  }
}

PathPriority OwnershipGraph::priority(const Links& links) const {
  PathPriority highest = PathPriority() * EdgePriority::of(0);
  for (const Link& link : links)
    highest = std::max(highest, owners[link.owner].priority * link.priority);
  return highest;
}

Rank OwnershipGraph::rank(std::uint32_t leaf) const {
  return {priority(leaves[leaf].owners), leaves[leaf].sequence};
}

const Account* OwnershipGraph::find_account(std::uint32_t owner, ResourceClass c) const {
  for (const Account& account : owners[owner].accounts) {
    if (account.resource_class == c) return &account;
  }
  return nullptr;
}

Account& OwnershipGraph::account(std::uint32_t owner, ResourceClass c) {
  std::vector<Account>& accounts = owners[owner].accounts;
  const auto place = std::find_if(accounts.begin(), accounts.end(), [&](const Account& account) {
    return account.resource_class >= c;
  });
  if (place != accounts.end() && place->resource_class == c) return *place;
  Account fresh;
  fresh.resource_class = c;
  return *accounts.insert(place, fresh);
}

void OwnershipGraph::charge(std::uint32_t leaf, Route route, bool all, SimTime now) {
  LeafNode& node = leaves[leaf];
  KADSIM_ASSERT(!node.charged, "a leaf is charged twice");
  node.charged = true;
  node.charged_all = all;
  if (is_rate(node.resource_class)) {
    for (const std::uint32_t owner : route) {
      Account& books = account(owner, node.resource_class);
      if (books.limited) books.bucket.take(node.units, now);
    }
    return;
  }
  for (const std::uint32_t owner : route) {
    Account& books = account(owner, node.resource_class);
    books.used += node.units;
    if (all) books.fixed += node.units;
  }
  ClassBooks& books = classes[node.resource_class.number];
  ++books.sizes[node.units];
  ++books.charged;
  if (all) ++books.charged_all;
  node.route = std::move(route);
}

void OwnershipGraph::uncharge(std::uint32_t leaf) {
  LeafNode& node = leaves[leaf];
  KADSIM_ASSERT(node.charged, "a leaf gives back what it did not take");
  node.charged = false;
  if (is_rate(node.resource_class)) return;
  for (const std::uint32_t owner : node.route) {
    Account& books = account(owner, node.resource_class);
    books.used -= node.units;
    if (node.charged_all) books.fixed -= node.units;
    KADSIM_ASSERT(books.used >= books.fixed && books.fixed >= 0, "more given back than taken");
  }
  ClassBooks& books = classes[node.resource_class.number];
  const auto size = books.sizes.find(node.units);
  if (--size->second == 0) books.sizes.erase(size);
  --books.charged;
  if (node.charged_all) --books.charged_all;
  node.route.clear();
}

}  // namespace kadsim

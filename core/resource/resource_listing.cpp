// The questions that a ResourceManager answers, and its listing as text.

#include "core/resource/resource_engine.hpp"
#include "core/resource/resource_manager.hpp"

#include <fmt/format.h>

#include <utility>

namespace kadsim {
namespace {

std::string edges_text(const OwnershipGraph& graph, const Links& links) {
  std::string text;
  for (const Link& link : links)
    text += fmt::format(" {}*{}", graph.owners[link.owner].name, link.priority.numerator());
  return text;
}

std::string route_text(const Route& route) {
  std::string text;
  for (const std::uint32_t owner : route) text += fmt::format(" o{}", owner);
  return text;
}

}  // namespace

const char* name(EndReason reason) {
  switch (reason) {
    case EndReason::kRevoked:
      return "revoked";
    case EndReason::kLost:
      return "lost";
    case EndReason::kDestroyed:
      return "destroyed";
    case EndReason::kOrphaned:
      return "orphaned";
    case EndReason::kLifetimeEnded:
      return "lifetime ended";
  }
  return "?";
}

bool ResourceManager::active(ResourceId what) const {
  return exists(what) && engine_->graph.leaves[what.slot].active;
}

std::string_view ResourceManager::owner_name(OwnerId owner) const {
  return exists(owner) ? std::string_view(engine_->graph.owners[owner.slot].name)
                       : std::string_view();
}

std::vector<OwnerEdge> ResourceManager::owners(VertexId what) const {
  std::vector<OwnerEdge> edges;
  if (!exists(what)) return edges;
  const OwnershipGraph& graph = engine_->graph;
  for (const Link& link : graph.links(what))
    edges.push_back({{link.owner, graph.owners[link.owner].generation}, link.priority});
  return edges;
}

std::vector<VertexId> ResourceManager::owned(OwnerId owner) const {
  std::vector<VertexId> found;
  if (!exists(owner)) return found;
  const OwnershipGraph& graph = engine_->graph;
  for (const std::uint32_t slot : graph.owners[owner.slot].owned_owners)
    found.emplace_back(OwnerId{slot, graph.owners[slot].generation});
  for (const LeafKey& key : graph.owners[owner.slot].leaves)
    found.emplace_back(engine_->id(key.slot));
  return found;
}

ResourceClass ResourceManager::resource_class(ResourceId what) const {
  return exists(what) ? engine_->graph.leaves[what.slot].resource_class : ResourceClass{};
}

Units ResourceManager::units(ResourceId what) const {
  return exists(what) ? engine_->graph.leaves[what.slot].units : 0;
}

std::vector<OwnerId> ResourceManager::charged_to(ResourceId what) const {
  std::vector<OwnerId> found;
  if (!exists(what)) return found;
  for (const std::uint32_t owner : engine_->graph.leaves[what.slot].route)
    found.push_back({owner, engine_->graph.owners[owner].generation});
  return found;
}

PathPriority ResourceManager::effective_priority(VertexId what) const {
  if (!exists(what)) return PathPriority() * EdgePriority::of(0);
  const OwnershipGraph& graph = engine_->graph;
  return what.is_owner() ? graph.owners[what.slot].priority
                         : graph.priority(graph.leaves[what.slot].owners);
}

std::optional<Limit> ResourceManager::limit(OwnerId owner, ResourceClass resource_class) const {
  if (!exists(owner)) return std::nullopt;
  const Account* account = engine_->graph.find_account(owner.slot, resource_class);
  if (account == nullptr || !account->limited) return std::nullopt;
  return account->limit;
}

Units ResourceManager::used(OwnerId owner, ResourceClass resource_class) const {
  if (!exists(owner)) return 0;
  const Account* account = engine_->graph.find_account(owner.slot, resource_class);
  if (account == nullptr) return 0;
  if (!engine_->graph.is_rate(resource_class)) return account->used;
  return account->limited ? account->bucket.burst() - account->bucket.available(engine_->now()) : 0;
}

std::size_t ResourceManager::waiting() const { return engine_->waiters.size(); }

std::string ResourceManager::text() const {
  const OwnershipGraph& graph = engine_->graph;
  std::string text;
  for (std::uint32_t slot = 0; slot < graph.owners.size(); ++slot) {
    const OwnerNode& owner = graph.owners[slot];
    if (!owner.live) continue;
    text += fmt::format("owner o{}.{} {}:{} priority {}{}{}{}\n", slot, owner.generation,
                        owner.name, edges_text(graph, owner.owners), owner.priority.text(),
                        owner.charging == Charging::kAll ? " all" : "",
                        owner.charges_above ? "" : " apart",
                        owner.under_placeholder ? " placeholder" : "");
    for (const Account& account : owner.accounts) {
      if (!account.limited && account.used == 0) continue;
      text += fmt::format(
          "  class {}: {} of {}\n", account.resource_class.number,
          used({slot, owner.generation}, account.resource_class),
          account.limited ? fmt::format("{}/{}", account.limit.units, account.limit.burst) : "any");
    }
  }
  for (std::uint32_t slot = 0; slot < graph.leaves.size(); ++slot) {
    const LeafNode& leaf = graph.leaves[slot];
    if (!leaf.live) continue;
    text += fmt::format("resource r{}.{} #{}: {} of class {} under{} charged{}{}{}\n", slot,
                        leaf.generation, leaf.sequence, leaf.units, leaf.resource_class.number,
                        edges_text(graph, leaf.owners), route_text(leaf.route),
                        leaf.charged ? "" : " to none", leaf.active ? "" : " inactive");
  }
  for (const auto& [number, waiter] : engine_->waiters.all())
    text += fmt::format("waiter {}: {} of class {} under o{} until {}, passed over {}\n", number,
                        waiter.options.units, waiter.options.resource_class.number,
                        waiter.owner.slot, waiter.deadline.ns(), waiter.passed_over);
  return text;
}

void ResourceManager::check() const { engine_->graph.check(); }

}  // namespace kadsim

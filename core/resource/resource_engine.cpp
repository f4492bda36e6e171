#include "core/resource/resource_engine.hpp"

#include "core/base/assert.hpp"
#include "core/resource/direct_placement.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace kadsim {

ResourceEngine::ResourceEngine(NodeScheduler scheduler) : scheduler_(scheduler) {
  graph.classes.resize(kBuiltInClasses);
  graph.classes[kCpuTime.number].kind = ClassKind::kRate;
  graph.classes[kBandwidth.number].kind = ClassKind::kRate;
  graph.make_owner({.name = "root"});
  add_owner(OwnershipGraph::kRoot, {.name = "placeholder"});
  graph.owners[OwnershipGraph::kPlaceholder].under_placeholder = true;
  add_owner(OwnershipGraph::kRoot, {.name = "temporary"});
}

ResourceEngine::~ResourceEngine() { scheduler_.cancel(timer_); }

std::uint32_t ResourceEngine::add_owner(std::uint32_t above, const OwnerOptions& options) {
  const std::uint32_t owner = graph.make_owner(options);
  graph.link_owner(owner, {{above, options.priority}});
  graph.refresh(owner);
  return owner;
}

AddedResource ResourceEngine::admit(OwnerId owner, const ResourceOptions& options, Room room) {
  const std::uint32_t leaf = graph.make_leaf(options);
  graph.link_leaf(leaf, {{owner.slot, options.priority}});
  if (graph.owners[owner.slot].under_placeholder) {
    graph.leaves[leaf].active = false;
  } else {
    PlacementTrial trial(graph, options.resource_class, now());
    const Newcomers newcomers{{&leaf, 1}, options.share};
    Blocked blocked;
    std::vector<std::uint32_t> victims;
    if (!settle(trial, newcomers, &blocked)) {
      auto found = room == Room::kRevoke ? make_room(trial, newcomers) : std::nullopt;
      if (!found.has_value()) {
        graph.link_leaf(leaf, {});
        graph.unmake_leaf(leaf);
        return {Refusal::kOverLimit, {}, blocked};
      }
      victims = *std::move(found);
    }
    trial.commit(graph);
    end_leaves(victims, EndReason::kRevoked);
  }
  if (options.within.generation != 0) lifetimes.bind(options.within, leaf);
  return {Refusal::kNone, id(leaf), {}};
}

Changed ResourceEngine::resize(std::uint32_t leaf, Units units, std::uint32_t share) {
  LeafNode& node = graph.leaves[leaf];
  if (!node.charged || units == node.units) {
    node.units = units;
    return {};
  }
  const Units before = node.units;
  const Route route = node.route;
  const bool all = node.charged_all;
  graph.uncharge(leaf);
  node.units = units;
  PlacementTrial trial(graph, node.resource_class, now());
  const bool stays = units < before || std::all_of(route.begin(), route.end(), [&](auto owner) {
                       return trial.room(owner, share) >= units;
                     });
  if (stays) {
    graph.charge(leaf, route, all, now());
    return {};
  }
  Blocked blocked;
  if (settle(trial, {{&leaf, 1}, share}, &blocked)) {
    trial.commit(graph);
    return {};
  }
  node.units = before;
  graph.charge(leaf, route, all, now());
  for (const std::uint32_t owner : route) {
    if (owner == blocked.owner.slot) blocked.used += before;
  }
  return {Refusal::kOverLimit, blocked};
}

void ResourceEngine::set_limit(std::uint32_t owner, ResourceClass resource_class, Limit limit) {
  if (graph.is_rate(resource_class)) {
    const Units burst = limit.burst == 0 ? limit.units : limit.burst;
    Account& account = graph.account(owner, resource_class);
    if (account.limited) {
      account.bucket.change(limit.units, burst, now());
    } else {
      account.bucket = TokenBucket(limit.units, burst, now());
    }
    account.limited = true;
    account.limit = limit;
    return;
  }
  PlacementTrial trial(graph, resource_class, now());
  trial.set_limit(owner, limit.units);
  std::vector<std::uint32_t> victims;
  if (!settle(trial, {})) {
    auto found = make_room(trial, {});
    KADSIM_ASSERT(found.has_value(), "a limit is exceeded without leaves");
    victims = *std::move(found);
  }
  trial.commit(graph);
  Account& account = graph.account(owner, resource_class);
  account.limited = true;
  account.limit = limit;
  end_leaves(victims, EndReason::kRevoked);
}

void ResourceEngine::remove_limit(std::uint32_t owner, ResourceClass resource_class) {
  Account& account = graph.account(owner, resource_class);
  account.limited = false;
  account.limit = {};
  account.bucket = {};
}

Refusal ResourceEngine::activate(VertexId what) {
  bool any = false;
  for (const std::uint32_t leaf : graph.leaves_below(what)) {
    LeafNode& node = graph.leaves[leaf];
    if (graph.under_placeholder(node.owners)) return Refusal::kPlaceholder;
    any = any || !node.active;
    node.active = true;
  }
  return any ? Refusal::kNone : Refusal::kAlreadyActive;
}

void ResourceEngine::end_leaves(const std::vector<std::uint32_t>& leaves, EndReason reason) {
  std::vector<ResourceId> ids;
  for (const std::uint32_t leaf : leaves) ids.push_back(id(leaf));
  for (const ResourceId& leaf : ids) {
    if (graph.leaves[leaf.slot].generation == leaf.generation) end_leaf(leaf.slot, reason, true);
  }
}

void ResourceEngine::end_leaf(std::uint32_t leaf, EndReason reason, bool told) {
  notices.leaf_ends(graph, leaf, reason, told);
  if (graph.leaves[leaf].charged) graph.uncharge(leaf);
  const LifetimeId own = graph.leaves[leaf].lifetime;
  lifetimes.unbind(graph.leaves[leaf].within, leaf);
  graph.link_leaf(leaf, {});
  graph.end_leaf(leaf);
  end_lifetime(own);
}

void ResourceEngine::end_owner(std::uint32_t owner, EndReason reason, bool told) {
  notices.owner_ends(graph, owner, reason, told);
  const LifetimeId own = graph.owners[owner].lifetime;
  graph.link_owner(owner, {});
  graph.end_owner(owner);
  end_lifetime(own);
}

void ResourceEngine::end_lifetime(LifetimeId lifetime) {
  std::set<std::uint32_t> bound;
  lifetimes.end(lifetime, bound);
  end_leaves({bound.begin(), bound.end()}, EndReason::kLifetimeEnded);
}

LifetimeId ResourceEngine::lifetime(VertexId what) {
  LifetimeId& own =
      what.is_owner() ? graph.owners[what.slot].lifetime : graph.leaves[what.slot].lifetime;
  if (own.generation == 0) own = lifetimes.make_of_vertex();
  return own;
}

void ResourceEngine::settled(bool more_room) {
  if (!waiters.empty()) serve(more_room);
  arm();
  if (!notices.empty()) notices.tell(graph);
}

}  // namespace kadsim

#include "core/resource/flow_placement.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace kadsim {

FlowPlacement::FlowPlacement(const PlacementTrial& trial, std::span<const std::uint32_t> newcomers)
    : trial_(&trial) {
  const OwnershipGraph& graph = trial.graph();
  const ClassBooks& books = graph.classes[trial.resource_class().number];
  if (!newcomers.empty()) {
    units_ = graph.leaves[newcomers.front()].units;
  } else if (!books.sizes.empty()) {
    units_ = books.sizes.begin()->first;
  }
  source_ = flow_.add_node();
  sink_ = flow_.add_node();
  group_leaves(newcomers);

  std::int64_t supply = 0;
  for (auto& [owners, group] : groups_) {
    group.node = flow_.add_node();
    flow_.add_arc(source_, group.node, group.leaves);
    supply += group.leaves;
    for (const std::uint32_t owner : group.owners)
      group.arcs.push_back(flow_.add_arc(group.node, add_owner(owner), group.leaves));
  }
  lacking_ = supply - flow_.solve(source_, sink_);
  for (const std::uint32_t owner : trial.over_full()) {
    if (trial.room_beside_fixed(owner) < 0) lacking_ = MaxFlow::kAnyAmount;
  }
}

void FlowPlacement::add_group(const Links& links, std::uint32_t leaf) {
  std::vector<std::uint32_t> owners;
  for (const Link& link : links) owners.push_back(link.owner);
  std::sort(owners.begin(), owners.end());
  Group& group = groups_[owners];
  group.owners = owners;
  ++group.leaves;
  group.members.push_back(leaf);
}

void FlowPlacement::group_leaves(std::span<const std::uint32_t> newcomers) {
  const OwnershipGraph& graph = trial_->graph();
  const ResourceClass c = trial_->resource_class();
  if (trial_->is_rate()) {
    for (const std::uint32_t leaf : newcomers) {
      if (!graph.leaves[leaf].all) add_group(graph.leaves[leaf].owners, leaf);
    }
    return;
  }
  for (std::uint32_t owner = 0; owner < graph.owners.size(); ++owner) {
    if (!graph.owners[owner].live || graph.owners[owner].under_placeholder) continue;
    const Account* account = graph.find_account(owner, c);
    if (account == nullptr || account->singles == 0) continue;
    Group& group = groups_[{owner}];
    group.owners = {owner};
    group.leaves = account->singles;
  }
  for (const std::uint32_t leaf : trial_->removed()) {
    const LeafNode& node = graph.leaves[leaf];
    if (node.owners.size() != 1 || node.all) continue;
    const auto group = groups_.find({node.owners.front().owner});
    if (--group->second.leaves == 0) groups_.erase(group);
  }
  for (const std::uint32_t leaf : graph.classes[c.number].several) {
    const LeafNode& node = graph.leaves[leaf];
    if (!trial_->removed(leaf) && !graph.owners[node.owners.front().owner].under_placeholder)
      add_group(node.owners, leaf);
  }
}

std::size_t FlowPlacement::add_owner(std::uint32_t first) {
  // Not recursive: chains of owners may be long.
  const OwnershipGraph& graph = trial_->graph();
  std::vector<std::uint32_t> open;
  const auto node_of = [&](std::uint32_t owner) {
    const auto [place, is_new] = entry_.try_emplace(owner, 0);
    if (is_new) {
      place->second = flow_.add_node();
      const std::size_t exit = flow_.add_node();
      const Units room = std::max<Units>(0, trial_->room_beside_fixed(owner));
      flow_.add_arc(place->second, exit, std::min<Units>(room / units_, MaxFlow::kAnyAmount));
      open.push_back(owner);
    }
    return place->second;
  };
  const std::size_t node = node_of(first);
  while (!open.empty()) {
    const std::uint32_t owner = open.back();
    open.pop_back();
    const OwnerNode& here = graph.owners[owner];
    const std::size_t exit = entry_.at(owner) + 1;
    if (here.owners.empty() || !here.charges_above) {
      flow_.add_arc(exit, sink_, MaxFlow::kAnyAmount);
      continue;
    }
    for (const Link& link : here.owners) {
      const std::size_t entry = node_of(link.owner);
      above_[owner].push_back({link.owner, flow_.add_arc(exit, entry, MaxFlow::kAnyAmount)});
    }
  }
  return node;
}

void FlowPlacement::for_each_single(std::uint32_t owner,
                                    const std::function<bool(std::uint32_t)>& visit) const {
  const ResourceClass c = trial_->resource_class();
  const auto& leaves = trial_->graph().owners[owner].leaves;
  const LeafKey first{c, true, EdgePriority::of(0), std::numeric_limits<std::uint64_t>::max(), 0};
  for (auto key = leaves.lower_bound(first); key != leaves.end(); ++key) {
    if (key->resource_class != c) break;
    if (!trial_->removed(key->slot) && !visit(key->slot)) break;
  }
}

std::optional<std::uint32_t> FlowPlacement::lowest_victim(
    const std::function<bool(std::uint32_t)>& spared) const {
  const OwnershipGraph& graph = trial_->graph();
  std::optional<std::uint32_t> lowest;
  Rank lowest_rank;
  const auto consider = [&](std::uint32_t leaf) {
    if (spared(leaf)) return true;
    Rank rank = graph.rank(leaf);
    if (!lowest.has_value() || rank < lowest_rank) {
      lowest = leaf;
      lowest_rank = std::move(rank);
    }
    // Further ones of the same owner rank higher, unless they are all worth nothing to it.
    return graph.owners[graph.leaves[leaf].owners.front().owner].priority.zero();
  };
  for (const auto& [owners, group] : groups_) {
    if (!flow_.on_source_side(group.node)) continue;
    if (group.members.empty()) {
      for_each_single(group.owners.front(), consider);
    } else {
      for (const std::uint32_t leaf : group.members) consider(leaf);
    }
  }
  return lowest;
}

void FlowPlacement::place(PlacementTrial& trial) const {
  KADSIM_ASSERT(lacking_ == 0, "leaves are placed that find no place");
  const OwnershipGraph& graph = trial_->graph();
  std::map<std::uint32_t, std::vector<std::uint32_t>> arrived;  // at an owner: which leaves
  std::map<std::uint32_t, Route> routes;
  const auto arrive = [&](std::uint32_t leaf, std::uint32_t owner) {
    arrived[owner].push_back(leaf);
    routes[leaf].push_back(owner);
  };
  // What `leaf` is charged to after `owner` (or, at -1, first); the root's slot where there is
  // none, which is nobody's choice.
  const auto present = [&](std::uint32_t leaf, std::int64_t owner) -> std::optional<std::uint32_t> {
    if (!trial_->charged(leaf) || trial_->is_rate()) return std::nullopt;
    const Route& route = trial_->route(leaf);
    auto step = route.begin();
    if (owner >= 0) {
      step = std::find(route.begin(), route.end(), static_cast<std::uint32_t>(owner));
      if (step != route.end()) ++step;
    }
    return step == route.end() ? std::nullopt : std::optional<std::uint32_t>(*step);
  };
  // Sends leaves on to the next owners, so many to each, letting them go where they went before.
  const auto distribute = [&](const std::vector<std::uint32_t>& leaves, std::int64_t owner,
                              std::vector<std::pair<std::uint32_t, std::int64_t>> places) {
    std::vector<std::uint32_t> others;
    for (const std::uint32_t leaf : leaves) {
      const auto before = present(leaf, owner);
      const auto place = std::find_if(places.begin(), places.end(), [&](const auto& candidate) {
        return before.has_value() && candidate.first == *before && candidate.second > 0;
      });
      if (place == places.end()) {
        others.push_back(leaf);
      } else {
        --place->second;
        arrive(leaf, place->first);
      }
    }
    auto place = places.begin();
    for (const std::uint32_t leaf : others) {
      while (place != places.end() && place->second == 0) ++place;
      KADSIM_ASSERT(place != places.end(), "a flow places fewer leaves than it said");
      --place->second;
      arrive(leaf, place->first);
    }
  };
  for (const auto& [owners, group] : groups_) {
    std::vector<std::uint32_t> leaves = group.members;
    if (leaves.empty()) {
      for_each_single(group.owners.front(), [&](std::uint32_t leaf) {
        leaves.push_back(leaf);
        return true;
      });
    }
    std::vector<std::pair<std::uint32_t, std::int64_t>> places;
    for (std::size_t i = 0; i < group.owners.size(); ++i)
      places.emplace_back(group.owners[i], flow_.flow(group.arcs[i]));
    distribute(leaves, -1, std::move(places));
  }
  std::vector<std::uint32_t> order = graph.owners_below(OwnershipGraph::kRoot);
  std::reverse(order.begin(), order.end());
  for (const std::uint32_t owner : order) {
    const auto here = arrived.find(owner);
    const auto on = above_.find(owner);
    if (here == arrived.end() || on == above_.end()) continue;
    std::vector<std::pair<std::uint32_t, std::int64_t>> places;
    for (const Above& above : on->second) places.emplace_back(above.owner, flow_.flow(above.arc));
    distribute(here->second, owner, std::move(places));
  }
  for (auto& [leaf, route] : routes) {
    if (trial.charged(leaf) && trial.route(leaf) == route) continue;
    trial.uncharge(leaf);
    trial.charge(leaf, std::move(route), false);
  }
}

}  // namespace kadsim

#include "core/resource/flow_placement.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <cstddef>
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
    if (!trial_->removed(leaf) && !graph.under_placeholder(node.owners))
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
    // Further leaves of the same owner rank higher, unless the owner's priority makes them all 0.
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

namespace {

// A leaf on its way up. As long as it goes where it went before, nothing is written down for it.
struct Traveller {
  std::uint32_t leaf = 0;
  std::size_t steps = 0;
  bool as_before = false;
};
using Places = std::vector<std::pair<std::uint32_t, std::int64_t>>;  // owner, how many may go there

class Journey {
 public:
  explicit Journey(const PlacementTrial& trial) : trial_(trial) {}

  void set_out(const std::vector<std::uint32_t>& leaves, Places places) {
    std::vector<Traveller> travellers;
    for (const std::uint32_t leaf : leaves)
      travellers.push_back({leaf, 0, trial_.charged(leaf) && !trial_.is_rate()});
    send(travellers, std::move(places));
  }
  void go_on(std::uint32_t owner, Places places) {
    const auto here = arrived_.find(owner);
    if (here == arrived_.end()) return;
    const std::vector<Traveller> travellers = std::move(here->second);
    send(travellers, std::move(places));
  }
  // The leaves whose path differs from their path before.
  std::map<std::uint32_t, Route>& new_routes() { return new_routes_; }

 private:
  // Leaves go where they went before if they can, and the others where places are left.
  void send(const std::vector<Traveller>& travellers, Places places) {
    std::vector<const Traveller*> others;
    for (const Traveller& traveller : travellers) {
      const auto place = std::find_if(places.begin(), places.end(), [&](const auto& candidate) {
        return traveller.as_before && candidate.second > 0 &&
               candidate.first == trial_.route(traveller.leaf)[traveller.steps];
      });
      if (place == places.end()) {
        others.push_back(&traveller);
      } else {
        --place->second;
        arrived_[place->first].push_back({traveller.leaf, traveller.steps + 1, true});
      }
    }
    auto place = places.begin();
    for (const Traveller* traveller : others) {
      while (place != places.end() && place->second == 0) ++place;
      KADSIM_ASSERT(place != places.end(), "a flow places fewer leaves than it said");
      --place->second;
      Route& route = new_routes_[traveller->leaf];
      if (traveller->as_before) {
        const Route& before = trial_.route(traveller->leaf);
        route.assign(before.begin(),
                     before.begin() + static_cast<std::ptrdiff_t>(traveller->steps));
      }
      route.push_back(place->first);
      arrived_[place->first].push_back({traveller->leaf, route.size(), false});
    }
  }

  const PlacementTrial& trial_;
  std::map<std::uint32_t, std::vector<Traveller>> arrived_;
  std::map<std::uint32_t, Route> new_routes_;
};

}  // namespace

void FlowPlacement::place(PlacementTrial& trial) const {
  KADSIM_ASSERT(lacking_ == 0, "leaves are placed that find no place");
  Journey journey(*trial_);
  for (const auto& [owners, group] : groups_) {
    std::vector<std::uint32_t> leaves = group.members;
    if (leaves.empty()) {
      for_each_single(group.owners.front(), [&](std::uint32_t leaf) {
        leaves.push_back(leaf);
        return true;
      });
    }
    Places places;
    for (std::size_t i = 0; i < group.owners.size(); ++i)
      places.emplace_back(group.owners[i], flow_.flow(group.arcs[i]));
    journey.set_out(leaves, std::move(places));
  }
  std::vector<std::uint32_t> order = trial_->graph().owners_below(OwnershipGraph::kRoot);
  std::reverse(order.begin(), order.end());
  for (const std::uint32_t owner : order) {
    const auto on = above_.find(owner);
    if (on == above_.end()) continue;
    Places places;
    for (const Above& above : on->second) places.emplace_back(above.owner, flow_.flow(above.arc));
    journey.go_on(owner, std::move(places));
  }
  for (auto& [leaf, route] : journey.new_routes()) {
    trial.uncharge(leaf);
    trial.charge(leaf, std::move(route), false);
  }
}

}  // namespace kadsim

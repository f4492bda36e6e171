#include "core/resource/direct_placement.hpp"

#include <algorithm>
#include <set>

namespace kadsim {
namespace {

// The n-th link to try.
const Link& in_order(const Links& links, std::size_t n) {
  if (links.size() == 1) return links.front();
  std::vector<const Link*> sorted;
  for (const Link& link : links) sorted.push_back(&link);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Link* a, const Link* b) { return a->priority > b->priority; });
  return *sorted[n];
}

bool contains(const std::vector<std::uint32_t>& owners, std::uint32_t owner) {
  return std::find(owners.begin(), owners.end(), owner) != owners.end();
}

struct Step {
  const Links* links;
  std::size_t tried;
};

}  // namespace

std::optional<Route> find_room(const PlacementTrial& trial, std::uint32_t leaf, std::uint32_t share,
                               Blocked* blocked, const std::vector<std::uint32_t>& avoid) {
  const OwnershipGraph& graph = trial.graph();
  const LeafNode& node = graph.leaves[leaf];
  bool told = false;
  const auto has_room = [&](std::uint32_t owner) {
    if (contains(avoid, owner)) return false;
    if (trial.room(owner, share) >= node.units) return true;
    if (blocked != nullptr && !told) *blocked = trial.blocked(owner, node.units, share);
    told = true;
    return false;
  };
  if (node.all) {
    Route route = graph.all_charged(node.owners);
    if (!std::all_of(route.begin(), route.end(), has_room)) return std::nullopt;
    return route;
  }
  Route route;
  std::set<std::uint32_t> dead_ends;
  std::vector<Step> steps{{&node.owners, 0}};
  while (!steps.empty()) {
    Step& step = steps.back();
    if (step.tried == step.links->size()) {
      steps.pop_back();
      if (!route.empty()) {
        dead_ends.insert(route.back());
        route.pop_back();
      }
      continue;
    }
    const std::uint32_t owner = in_order(*step.links, step.tried++).owner;
    if (dead_ends.contains(owner)) continue;
    if (!has_room(owner)) {
      dead_ends.insert(owner);
      continue;
    }
    route.push_back(owner);
    const OwnerNode& above = graph.owners[owner];
    if (above.owners.empty() || !above.charges_above) return route;
    steps.push_back({&above.owners, 0});
  }
  return std::nullopt;
}

std::vector<std::uint32_t> full_owners(const PlacementTrial& trial, std::uint32_t leaf) {
  const LeafNode& node = trial.graph().leaves[leaf];
  std::vector<std::uint32_t> full = trial.graph().all_charged(node.owners);
  std::erase_if(full, [&](std::uint32_t owner) { return trial.room(owner) >= node.units; });
  return full;
}

}  // namespace kadsim

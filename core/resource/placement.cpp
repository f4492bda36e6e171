#include "core/resource/placement.hpp"

#include "core/resource/direct_placement.hpp"
#include "core/resource/flow_placement.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

bool place_directly(PlacementTrial& trial, const Newcomers& newcomers, Blocked* blocked) {
  for (const std::uint32_t leaf : newcomers.leaves) {
    auto route = find_room(trial, leaf, newcomers.share, blocked);
    if (!route.has_value()) return false;
    trial.charge(leaf, *std::move(route), trial.graph().leaves[leaf].all);
  }
  return trial.over_full().empty();
}

// Leaves charged kAll have no choice of path: they are charged first, and the others take the paths
// that are left.
bool place_by_flow(PlacementTrial& trial, const Newcomers& newcomers) {
  const OwnershipGraph& graph = trial.graph();
  for (const std::uint32_t leaf : newcomers.leaves) {
    if (graph.leaves[leaf].all)
      trial.charge(leaf, graph.all_charged(graph.leaves[leaf].owners), true);
  }
  const FlowPlacement flow(trial, newcomers.leaves);
  if (flow.lacking() > 0) return false;
  flow.place(trial);
  return trial.over_full().empty();
}

// Whether it is known without a search that no leaf could be moved to make room.
bool hopeless(const PlacementTrial& trial, const Newcomers& newcomers) {
  const OwnershipGraph& graph = trial.graph();
  if (newcomers.share < 256 || graph.vertices_with_several_owners() == 0) return true;
  const auto one_path = [&](std::uint32_t leaf) { return !graph.leaves[leaf].all; };
  const ClassBooks& books = graph.classes[trial.resource_class().number];
  if (books.charged == books.charged_all &&
      std::none_of(newcomers.leaves.begin(), newcomers.leaves.end(), one_path))
    return true;
  // All paths end at the root, so every leaf is charged to it whichever path the leaf takes.
  return !newcomers.leaves.empty() && !graph.any_apart() && trial.over_full().empty() &&
         trial.room(OwnershipGraph::kRoot) < graph.leaves[newcomers.leaves.front()].units;
}

}  // namespace

bool settle(PlacementTrial& trial, const Newcomers& newcomers, Blocked* blocked) {
  if (newcomers.leaves.empty() && trial.over_full().empty()) return true;
  // A leaf that fits where it is, as nearly all do, needs no copy of the trial.
  if (newcomers.leaves.size() == 1 && trial.over_full().empty()) {
    const std::uint32_t leaf = newcomers.leaves.front();
    if (auto route = find_room(trial, leaf, newcomers.share, blocked)) {
      trial.charge(leaf, *std::move(route), trial.graph().leaves[leaf].all);
      return true;
    }
  } else if (!newcomers.leaves.empty()) {
    PlacementTrial direct = trial;
    if (place_directly(direct, newcomers, blocked)) {
      trial = std::move(direct);
      return true;
    }
  }
  if (hopeless(trial, newcomers)) return false;
  PlacementTrial moved = trial;
  const bool placed = trial.equal_units(newcomers.leaves) ? place_by_flow(moved, newcomers)
                                                          : rehome_greedily(moved, newcomers);
  if (placed) trial = std::move(moved);
  return placed;
}

}  // namespace kadsim

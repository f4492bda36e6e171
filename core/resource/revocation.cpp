#include "core/resource/direct_placement.hpp"
#include "core/resource/flow_placement.hpp"
#include "core/resource/lowest_first.hpp"
#include "core/resource/placement.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

using Victims = std::vector<std::uint32_t>;

// Leaves that may not be displaced: the newcomers, and every leaf that does not rank below all of
// them.
class Eligible {
 public:
  Eligible(const OwnershipGraph& graph, std::span<const std::uint32_t> newcomers)
      : graph_(graph), newcomers_(newcomers.begin(), newcomers.end()) {
    std::sort(newcomers_.begin(), newcomers_.end());
    for (const std::uint32_t leaf : newcomers) {
      PathPriority priority = graph.priority(graph.leaves[leaf].owners);
      if (!below_.has_value() || priority < *below_) below_ = std::move(priority);
    }
  }
  [[nodiscard]] bool is_newcomer(std::uint32_t leaf) const {
    return std::binary_search(newcomers_.begin(), newcomers_.end(), leaf);
  }
  [[nodiscard]] bool ranks_below(std::uint32_t leaf) const {
    return !below_.has_value() || graph_.priority(graph_.leaves[leaf].owners) < *below_;
  }

 private:
  const OwnershipGraph& graph_;
  std::vector<std::uint32_t> newcomers_;
  std::optional<PathPriority> below_;
};

bool holds(const Route& route, std::uint32_t owner) {
  return std::find(route.begin(), route.end(), owner) != route.end();
}

bool any_all(const PlacementTrial& trial, const Newcomers& newcomers) {
  if (trial.any_charged_all()) return true;
  return std::any_of(newcomers.leaves.begin(), newcomers.leaves.end(),
                     [&](std::uint32_t leaf) { return trial.graph().leaves[leaf].all; });
}

// Equal units, all charged kOne: one victim for each leaf that finds no place, the lowest of those
// whose removal lets one more be placed. As leaves placed together are the independent sets of a
// matroid, taking the lowest each time gives the lowest set.
std::optional<Victims> revoke_by_flow(PlacementTrial& trial, const Newcomers& newcomers,
                                      const Eligible& eligible) {
  Victims victims;
  for (;;) {
    const FlowPlacement flow(trial, newcomers.leaves);
    if (flow.lacking() == 0) {
      flow.place(trial);
      return victims;
    }
    const auto victim =
        flow.lowest_victim([&](std::uint32_t leaf) { return eligible.is_newcomer(leaf); });
    if (!victim.has_value() || !eligible.ranks_below(*victim)) return std::nullopt;
    trial.remove(*victim);
    victims.push_back(*victim);
  }
}

// Equal units, one newcomer: the lowest leaf whose removal alone is enough, tried one by one.
std::optional<Victims> revoke_single(PlacementTrial& trial, const Newcomers& newcomers,
                                     const Eligible& eligible) {
  const std::vector<std::uint32_t> full = full_owners(trial, newcomers.leaves.front());
  const bool tree = trial.graph().vertices_with_several_owners() == 0;
  // Without a choice of paths a victim is charged to every full owner on the way, so it is below
  // the nearest of them. The first that `all_charged` names is one of the nearest.
  const std::uint32_t top = tree && !full.empty() ? full.front() : OwnershipGraph::kRoot;
  LowestFirst candidates(trial.graph(), trial.resource_class(), top);
  while (const auto leaf = candidates.next()) {
    if (!trial.charged(*leaf) || eligible.is_newcomer(*leaf)) continue;
    if (!eligible.ranks_below(*leaf)) return std::nullopt;
    PlacementTrial without = trial;
    without.remove(*leaf);
    if (!settle(without, newcomers)) continue;
    trial = std::move(without);
    return Victims{*leaf};
  }
  return std::nullopt;
}

// Victims are taken lowest first until the newcomers fit; then needless victims are spared, highest
// first.
std::optional<Victims> revoke_generally(PlacementTrial& trial, const Newcomers& newcomers,
                                        const Eligible& eligible) {
  std::vector<std::uint32_t> full = trial.over_full();
  for (const std::uint32_t leaf : newcomers.leaves) {
    for (const std::uint32_t owner : full_owners(trial, leaf)) full.push_back(owner);
  }
  const auto charged_to_full = [&](const Route& route) {
    return std::any_of(full.begin(), full.end(),
                       [&](std::uint32_t owner) { return holds(route, owner); });
  };
  Victims chosen;
  LowestFirst candidates(trial.graph(), trial.resource_class(),
                         full.size() == 1 ? full.front() : OwnershipGraph::kRoot);
  while (!settle(trial, newcomers)) {
    std::optional<std::uint32_t> lowest;
    do {
      lowest = candidates.next();
      if (!lowest.has_value()) return std::nullopt;
    } while (!trial.charged(*lowest) || !charged_to_full(trial.route(*lowest)) ||
             eligible.is_newcomer(*lowest));
    if (!eligible.ranks_below(*lowest)) return std::nullopt;
    chosen.push_back(*lowest);
    trial.remove(*lowest);
  }
  Victims victims;
  for (auto victim = chosen.rbegin(); victim != chosen.rend(); ++victim) {
    trial.restore(*victim);
    if (settle(trial, {{&*victim, 1}, 256})) continue;
    trial.remove(*victim);
    victims.push_back(*victim);
  }
  std::reverse(victims.begin(), victims.end());
  return victims;
}

}  // namespace

std::optional<std::vector<std::uint32_t>> make_room(PlacementTrial& trial,
                                                    const Newcomers& newcomers) {
  // What was taken of a rate is used up: ending its leaf would give nothing back.
  if (trial.is_rate() || newcomers.share < 256) return std::nullopt;
  const Eligible eligible(trial.graph(), newcomers.leaves);
  if (trial.equal_units(newcomers.leaves)) {
    const bool one_path_each = !any_all(trial, newcomers);
    const bool tree = trial.graph().vertices_with_several_owners() == 0;
    if (newcomers.leaves.size() == 1 && (tree || !one_path_each)) {
      if (auto victim = revoke_single(trial, newcomers, eligible)) return victim;
      if (tree) return std::nullopt;  // if one victim is not enough, several are not
    } else if (one_path_each && !(tree && newcomers.leaves.empty())) {
      return revoke_by_flow(trial, newcomers, eligible);
    }
  }
  return revoke_generally(trial, newcomers, eligible);
}

}  // namespace kadsim

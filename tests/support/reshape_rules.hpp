#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "tests/support/resource_oracle.hpp"

/// The rules of a change of owners, computed from the whole graph.
namespace kadsim::testing {

using Slots = std::set<std::uint32_t>;
using Edges = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

inline constexpr std::uint32_t kRootSlot = 0;
inline constexpr std::uint32_t kPlaceholderSlot = 1;

/// The placeholder and all owners below it: what has an owner among them is one of them.
inline Slots placeholder_side(const ResourceOracle& graph) {
  Slots side{kPlaceholderSlot};
  for (std::size_t before = 0; before != side.size();) {
    before = side.size();
    for (const auto& [owner, model] : graph.owners) {
      for (const auto& [above, numerator] : model.owners) {
        if (side.contains(above)) side.insert(owner);
      }
    }
  }
  return side;
}

inline bool any_on(const Edges& edges, const Slots& side) {
  return std::any_of(edges.begin(), edges.end(),
                     [&](const auto& edge) { return side.contains(edge.first); });
}

/// Nothing under the placeholder has an owner outside, and what it owns itself has no other owner.
inline bool placeholder_is_apart(const ResourceOracle& graph) {
  const Slots side = placeholder_side(graph);
  const auto apart = [&](const Edges& edges) {
    if (!any_on(edges, side)) return true;
    if (any_on(edges, {kPlaceholderSlot})) return edges.size() == 1;
    return std::all_of(edges.begin(), edges.end(),
                       [&](const auto& edge) { return side.contains(edge.first); });
  };
  for (const auto& [owner, model] : graph.owners) {
    if (owner != kPlaceholderSlot && !apart(model.owners)) return false;
  }
  return std::all_of(graph.leaves.begin(), graph.leaves.end(),
                     [&](const auto& leaf) { return apart(leaf.second.owners); });
}

using Charges = std::map<std::uint32_t, Slots>;  // by leaf: the owners that it is charged to
using Used = std::map<std::uint32_t, Units>;     // by owner

inline bool has_way(const ResourceOracle& graph, std::uint32_t leaf, const Slots& way) {
  const auto ways = graph.ways(graph.leaves.at(leaf));
  return std::find(ways.begin(), ways.end(), way) != ways.end();
}

inline bool has_room(const ResourceOracle& graph, std::uint32_t owner, Units units,
                     const Used& used) {
  const auto found = used.find(owner);
  return (found == used.end() ? 0 : found->second) + units <= graph.owners.at(owner).limit;
}

/// The first path with room up from these edges: higher priorities first, then older edges.
inline std::optional<Slots> first_path(const ResourceOracle& graph, Edges edges, Units units,
                                       const Used& used) {
  std::stable_sort(edges.begin(), edges.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [slot, numerator] : edges) {
    if (!has_room(graph, slot, units, used)) continue;
    const ResourceOracle::OwnerModel& owner = graph.owners.at(slot);
    if (owner.owners.empty() || !owner.passes) return Slots{slot};
    auto way = first_path(graph, owner.owners, units, used);
    if (!way.has_value()) continue;
    way->insert(slot);
    return way;
  }
  return std::nullopt;
}

/// How the leaves of a class are charged if each that has its way left stays, and the others take
/// the first way with room, those that rank highest first. None: that does not fit.
inline std::optional<Charges> placed_directly(const ResourceOracle& graph, const Charges& before) {
  Charges placed;
  Used used;
  const auto place = [&](std::uint32_t leaf, const Slots& way) {
    for (const std::uint32_t owner : way) used[owner] += graph.leaves.at(leaf).units;
    placed[leaf] = way;
  };
  std::vector<std::uint32_t> newcomers;
  for (const std::uint32_t leaf : graph.lowest_first()) {
    const auto was = before.find(leaf);
    if (was != before.end() && has_way(graph, leaf, was->second)) {
      place(leaf, was->second);
    } else {
      newcomers.push_back(leaf);
    }
  }
  for (auto leaf = newcomers.rbegin(); leaf != newcomers.rend(); ++leaf) {
    const ResourceOracle::LeafModel& model = graph.leaves.at(*leaf);
    std::optional<Slots> way;
    if (graph.charged_all(model)) {
      way = graph.ways(model).front();
      for (const std::uint32_t owner : *way) {
        if (!has_room(graph, owner, model.units, used)) return std::nullopt;
      }
    } else {
      way = first_path(graph, model.owners, model.units, used);
    }
    if (!way.has_value()) return std::nullopt;
    place(*leaf, *way);
  }
  return placed;
}

}  // namespace kadsim::testing

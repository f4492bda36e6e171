#include "core/resource/direct_placement.hpp"
#include "core/resource/lowest_first.hpp"
#include "core/resource/placement.hpp"
#include "core/resource/resource_manager.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace kadsim {
namespace {

// The owners that are too full for `waiting`, or that hold more than their limit.
std::vector<std::uint32_t> obstacles(const PlacementTrial& trial,
                                     const std::vector<std::uint32_t>& waiting) {
  std::vector<std::uint32_t> full = trial.over_full();
  for (const std::uint32_t leaf : waiting) {
    for (const std::uint32_t owner : full_owners(trial, leaf)) {
      if (std::find(full.begin(), full.end(), owner) == full.end()) full.push_back(owner);
    }
  }
  return full;
}

void place_what_fits(PlacementTrial& trial, std::vector<std::uint32_t>& waiting) {
  std::erase_if(waiting, [&](std::uint32_t leaf) {
    auto route = find_room(trial, leaf);
    if (!route.has_value()) return false;
    trial.charge(leaf, *std::move(route), trial.graph().leaves[leaf].all);
    return true;
  });
}

// Moves one leaf that was not moved yet away from the owners that are full.
bool rehome_one(PlacementTrial& trial, const std::vector<std::uint32_t>& full,
                std::set<std::uint32_t>& tried) {
  for (const std::uint32_t owner : full) {
    LowestFirst candidates(trial.graph(), trial.resource_class(), owner);
    while (const auto leaf = candidates.next()) {
      if (tried.size() >= ResourceManager::kMaxRehomed) return false;
      if (!trial.charged(*leaf) || trial.charged_all(*leaf)) continue;
      const Route before = trial.route(*leaf);
      if (std::find(before.begin(), before.end(), owner) == before.end()) continue;
      if (!tried.insert(*leaf).second) continue;
      trial.uncharge(*leaf);
      auto after = find_room(trial, *leaf, 256, nullptr, full);
      const bool moved = after.has_value();
      trial.charge(*leaf, moved ? *std::move(after) : before, false);
      if (moved) return true;
    }
  }
  return false;
}

}  // namespace

bool rehome_greedily(PlacementTrial& trial, const Newcomers& newcomers) {
  if (trial.is_rate()) return false;
  std::vector<std::uint32_t> waiting(newcomers.leaves.begin(), newcomers.leaves.end());
  std::set<std::uint32_t> tried;
  place_what_fits(trial, waiting);
  while (!waiting.empty() || !trial.over_full().empty()) {
    if (!rehome_one(trial, obstacles(trial, waiting), tried)) return false;
    place_what_fits(trial, waiting);
  }
  return true;
}

}  // namespace kadsim

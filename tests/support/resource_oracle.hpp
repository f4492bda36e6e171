#pragma once

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "core/resource/resource_manager.hpp"

namespace kadsim::testing {

/// What a ResourceManager should do with one class on a small graph, by trying everything: a leaf
/// has so many ways to be charged, and a placement is a way for each. Knows the vertices from the
/// manager's own lists, as it is before a call; edits are then made here, and nothing is shared
/// with the engine that decides.
class ResourceOracle {
 public:
  using Number = boost::multiprecision::cpp_int;
  using Owner = std::uint32_t;  // slot
  using Leaf = std::uint32_t;
  struct OwnerModel {
    std::vector<std::pair<Owner, std::uint32_t>> owners;  // with priority
    bool all = false;
    bool passes = true;
    Units limit = kUnlimited;

    bool operator==(const OwnerModel&) const = default;
  };
  struct LeafModel {
    std::vector<std::pair<Owner, std::uint32_t>> owners;
    Units units = 0;
    std::uint64_t born = 0;

    bool operator==(const LeafModel&) const = default;
  };
  std::map<Owner, OwnerModel> owners;
  std::map<Leaf, LeafModel> leaves;

  bool operator==(const ResourceOracle&) const = default;

  /// Highest product over all paths, times 65536^10.
  [[nodiscard]] Number priority(const std::vector<std::pair<Owner, std::uint32_t>>& edges) const {
    Number best = 0;
    for (const auto& [owner, numerator] : edges) {
      const OwnerModel& above = owners.at(owner);
      Number product = above.owners.empty() ? Number(1) << 160 : priority(above.owners);
      best = std::max<Number>(best, Number(product * numerator) >> 16);
    }
    return best;
  }
  [[nodiscard]] bool ranks_lower(Leaf a, Leaf b) const {
    const Number of_a = priority(leaves.at(a).owners);
    const Number of_b = priority(leaves.at(b).owners);
    return of_a != of_b ? of_a < of_b : leaves.at(a).born > leaves.at(b).born;
  }
  [[nodiscard]] std::vector<Leaf> lowest_first() const {
    std::vector<Leaf> sorted;
    for (const auto& [leaf, model] : leaves) sorted.push_back(leaf);
    std::sort(sorted.begin(), sorted.end(), [&](Leaf a, Leaf b) { return ranks_lower(a, b); });
    return sorted;
  }

  /// `owner` and all owners above it.
  [[nodiscard]] std::set<Owner> above(Owner owner) const {
    std::set<Owner> found{owner};
    for (const auto& [next, numerator] : owners.at(owner).owners) found.merge(above(next));
    return found;
  }
  /// Ends the vertex, and each that is left without owners.
  void remove(VertexId vertex) {
    if (!vertex.is_owner()) {
      leaves.erase(vertex.slot);
      return;
    }
    std::vector<Owner> gone{vertex.slot};
    while (!gone.empty()) {
      const Owner owner = gone.back();
      gone.pop_back();
      owners.erase(owner);
      const auto loses = [&](auto& vertices, std::vector<std::uint32_t>& orphans) {
        for (auto& [slot, model] : vertices) {
          const auto lost =
              std::erase_if(model.owners, [&](const auto& edge) { return edge.first == owner; });
          if (lost > 0 && model.owners.empty()) orphans.push_back(slot);
        }
      };
      loses(owners, gone);
      std::vector<Leaf> orphans;
      loses(leaves, orphans);
      for (const Leaf leaf : orphans) leaves.erase(leaf);
    }
  }

  [[nodiscard]] bool charged_all(const LeafModel& leaf) const {
    return std::any_of(leaf.owners.begin(), leaf.owners.end(),
                       [&](const auto& edge) { return owners.at(edge.first).all; });
  }
  /// Whether all leaves are charged kOne.
  [[nodiscard]] bool all_one() const {
    return std::none_of(leaves.begin(), leaves.end(),
                        [&](const auto& leaf) { return charged_all(leaf.second); });
  }
  /// Every way to charge it.
  [[nodiscard]] std::vector<std::set<Owner>> ways(const LeafModel& leaf) const {
    std::vector<std::set<Owner>> found;
    if (charged_all(leaf)) {
      found.emplace_back();
      for (const auto& [owner, numerator] : leaf.owners) climb(owner, found.front());
      return found;
    }
    for (const auto& [owner, numerator] : leaf.owners) paths(owner, {}, found);
    return found;
  }
  /// Is there a way for each, within all limits?
  [[nodiscard]] bool feasible(const std::set<Leaf>& without = {}) const {
    std::vector<std::pair<Units, std::vector<std::set<Owner>>>> choices;
    for (const auto& [leaf, model] : leaves) {
      if (!without.contains(leaf)) choices.emplace_back(model.units, ways(model));
    }
    std::map<Owner, Units> used;
    return place(choices, 0, used);
  }

  /// Of all sets of `count` leaves outside `kept` whose removal makes the rest fit, that which is
  /// lowest, compared from its lowest leaf on.
  [[nodiscard]] std::optional<std::vector<Leaf>> lowest_victims(std::size_t count,
                                                                const std::set<Leaf>& kept) const {
    std::vector<Leaf> candidates;
    for (const Leaf leaf : lowest_first()) {
      if (!kept.contains(leaf)) candidates.push_back(leaf);
    }
    std::vector<Leaf> chosen;
    std::optional<std::vector<Leaf>> found;
    // Sets in lexicographic order of rank: the first that works is the lowest.
    const std::function<bool(std::size_t)> choose = [&](std::size_t from) {
      if (chosen.size() == count) {
        if (!feasible({chosen.begin(), chosen.end()})) return false;
        found = chosen;
        return true;
      }
      for (std::size_t i = from; i < candidates.size(); ++i) {
        chosen.push_back(candidates[i]);
        if (choose(i + 1)) return true;
        chosen.pop_back();
      }
      return false;
    };
    choose(0);
    return found;
  }

 private:
  void climb(Owner owner, std::set<Owner>& found) const {
    found.insert(owner);
    if (!owners.at(owner).passes) return;
    for (const auto& [above, numerator] : owners.at(owner).owners) climb(above, found);
  }
  void paths(Owner owner, std::set<Owner> way, std::vector<std::set<Owner>>& found) const {
    way.insert(owner);
    const OwnerModel& model = owners.at(owner);
    if (model.owners.empty() || !model.passes) {
      found.push_back(std::move(way));
      return;
    }
    for (const auto& [above, numerator] : model.owners) paths(above, way, found);
  }
  bool place(const std::vector<std::pair<Units, std::vector<std::set<Owner>>>>& choices,
             std::size_t next, std::map<Owner, Units>& used) const {
    if (next == choices.size()) return true;
    const auto& [units, ways] = choices[next];
    for (const std::set<Owner>& way : ways) {
      if (std::any_of(way.begin(), way.end(),
                      [&](Owner owner) { return used[owner] + units > owners.at(owner).limit; }))
        continue;
      for (const Owner owner : way) used[owner] += units;
      if (place(choices, next + 1, used)) return true;
      for (const Owner owner : way) used[owner] -= units;
    }
    return false;
  }
};

}  // namespace kadsim::testing

#include "core/resource/ownership_graph.hpp"

#include <algorithm>
#include <utility>

// What is above a vertex, and what is below it.

namespace kadsim {
namespace {

template <class Passes>
Route collect_above(const OwnershipGraph& graph, const Links& links, const Passes& passes) {
  Route found;
  std::set<std::uint32_t> seen;
  const auto visit = [&](const Links& edges) {
    for (const Link& link : edges) {
      // Several paths may lead to the same owner.
      if (seen.insert(link.owner).second) found.push_back(link.owner);
    }
  };
  visit(links);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (passes(graph.owners[found[i]])) visit(graph.owners[found[i]].owners);
  }
  return found;
}

}  // namespace

bool OwnershipGraph::stands_above(std::uint32_t above, std::uint32_t owner) const {
  if (above == owner) return true;
  const Route found = all_above({{owner, {}}});
  return std::find(found.begin(), found.end(), above) != found.end();
}

Route OwnershipGraph::all_charged(const Links& links) const {
  return collect_above(*this, links, [](const OwnerNode& node) { return node.charges_above; });
}

Route OwnershipGraph::all_above(const Links& links) const {
  return collect_above(*this, links, [](const OwnerNode&) { return true; });
}

std::vector<std::uint32_t> OwnershipGraph::owners_below(std::uint32_t owner) const {
  // Depth first. An owner is finished after all owners below it, so the reversed order of finishing
  // is topological.
  std::vector<std::uint32_t> done;
  std::vector<bool> seen(owners.size());
  std::vector<std::pair<std::uint32_t, std::set<std::uint32_t>::const_iterator>> open;
  open.emplace_back(owner, owners[owner].owned_owners.begin());
  while (!open.empty()) {
    auto& [slot, next] = open.back();
    if (next == owners[slot].owned_owners.end()) {
      done.push_back(slot);
      open.pop_back();
    } else {
      const std::uint32_t below = *next++;
      if (seen[below]) continue;
      seen[below] = true;
      open.emplace_back(below, owners[below].owned_owners.begin());
    }
  }
  std::reverse(done.begin(), done.end());
  return done;
}

std::set<std::uint32_t> OwnershipGraph::leaves_below(VertexId vertex) const {
  if (!vertex.is_owner()) return {vertex.slot};
  std::set<std::uint32_t> found;
  for (const std::uint32_t owner : owners_below(vertex.slot)) {
    for (const LeafKey& key : owners[owner].leaves) found.insert(key.slot);
  }
  return found;
}

}  // namespace kadsim

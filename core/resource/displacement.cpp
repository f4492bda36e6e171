#include "core/resource/displacement.hpp"

#include <algorithm>

namespace kadsim {
namespace {

bool owned_by(const Links& owners, std::uint32_t owner) {
  return std::any_of(owners.begin(), owners.end(),
                     [&](const Link& link) { return link.owner == owner; });
}

// Whether the owners on the route are a path of edges that exist. Only its steps can be gone: its
// end is the root, or an owner that charges no owner above it, and stays that.
bool is_path(const OwnershipGraph& graph, const Links& from, const Route& route) {
  const Links* owners = &from;
  for (const std::uint32_t next : route) {
    if (!owned_by(*owners, next)) return false;
    owners = &graph.owners[next].owners;
  }
  return true;
}

bool same_owners(Route a, Route b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

bool way_is_left(const OwnershipGraph& graph, const LeafNode& leaf) {
  if (leaf.charged_all != leaf.all) return false;
  return leaf.all ? same_owners(leaf.route, graph.all_charged(leaf.owners))
                  : is_path(graph, leaf.owners, leaf.route);
}

bool on_one_side(const OwnershipGraph& graph, const Links& owners) {
  if (owned_by(owners, OwnershipGraph::kPlaceholder)) return owners.size() == 1;
  const bool under = graph.under_placeholder(owners);
  return std::all_of(owners.begin(), owners.end(), [&](const Link& link) {
    return graph.owners[link.owner].under_placeholder == under;
  });
}

}  // namespace

Displacement displacement(const OwnershipGraph& graph, std::uint32_t leaf) {
  const LeafNode& node = graph.leaves[leaf];
  if (node.charged && graph.is_rate(node.resource_class)) return Displacement::kNone;
  if (graph.under_placeholder(node.owners))
    return node.charged ? Displacement::kToPlaceholder : Displacement::kNone;
  return node.charged && way_is_left(graph, node) ? Displacement::kNone
                                                  : Displacement::kToAnotherWay;
}

bool placeholder_is_apart(const OwnershipGraph& graph, VertexId vertex) {
  if (vertex.is_owner()) {
    for (const std::uint32_t owner : graph.owners_below(vertex.slot)) {
      if (!on_one_side(graph, graph.owners[owner].owners)) return false;
    }
  }
  const std::set<std::uint32_t> leaves = graph.leaves_below(vertex);
  return std::all_of(leaves.begin(), leaves.end(), [&](std::uint32_t leaf) {
    return on_one_side(graph, graph.leaves[leaf].owners);
  });
}

}  // namespace kadsim

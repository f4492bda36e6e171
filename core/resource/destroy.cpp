#include "core/resource/resource_engine.hpp"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

// The end of an owner. It takes along each vertex below it that has no other owner left; a vertex
// with another owner stays, and loses its edges to the owners that end. That is a reshape, which
// may be refused, and then nothing ends.

namespace kadsim {
namespace {

struct Ending {
  std::vector<std::uint32_t> owners;  // each after all above it that end
  Reshape stay;                       // the owners left to the vertices that stay; leaves that end
};

Ending ending_with(const OwnershipGraph& graph, std::uint32_t top) {
  Ending ending;
  std::set<std::uint32_t> owners;
  std::set<std::uint32_t> leaves;  // below an owner that ends
  const auto ends = [&](const Link& link) { return owners.contains(link.owner); };
  const auto all_end = [&](const Links& links) {
    return std::all_of(links.begin(), links.end(), ends);
  };
  const auto left_of = [&](Links links) {
    std::erase_if(links, ends);
    return links;
  };
  // Owners come after all that are above them, so what ends above is known by then.
  for (const std::uint32_t owner : graph.owners_below(top)) {
    const OwnerNode& node = graph.owners[owner];
    if (owner == top || all_end(node.owners)) {
      owners.insert(owner);
      ending.owners.push_back(owner);
      for (const LeafKey& key : node.leaves) leaves.insert(key.slot);
    } else if (Links left = left_of(node.owners); left != node.owners) {
      ending.stay.edits.push_back({OwnerId{owner, node.generation}, std::move(left)});
    }
  }
  for (const std::uint32_t leaf : leaves) {
    const LeafNode& node = graph.leaves[leaf];
    if (all_end(node.owners)) {
      ending.stay.ended_leaves.push_back(leaf);
    } else {
      ending.stay.edits.push_back({ResourceId{leaf, node.generation}, left_of(node.owners)});
    }
  }
  return ending;
}

}  // namespace

Changed ResourceEngine::destroy(VertexId what) {
  if (!what.is_owner()) {
    end_leaf(what.slot, EndReason::kDestroyed, false);
    return {};
  }
  const Ending ending = ending_with(graph, what.slot);
  if (!ending.stay.edits.empty()) {
    const Changed changed = reshape(ending.stay, Room::kAsItIs);
    if (changed.refusal != Refusal::kNone) return changed;
  }
  end_leaves(ending.stay.ended_leaves, EndReason::kOrphaned);
  for (auto owner = ending.owners.rbegin(); owner != ending.owners.rend(); ++owner) {
    const bool itself = *owner == what.slot;
    end_owner(*owner, itself ? EndReason::kDestroyed : EndReason::kOrphaned, !itself);
  }
  return {};
}

}  // namespace kadsim

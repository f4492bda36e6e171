#include "core/base/assert.hpp"
#include "core/resource/resource_engine.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace kadsim {

/// One trial for each class, each with the leaves that have to be placed in it.
class TrialsByClass {
 public:
  TrialsByClass(const OwnershipGraph& graph, SimTime now) : graph_(graph), now_(now) {}

  struct Entry {
    PlacementTrial trial;
    std::vector<std::uint32_t> newcomers;
    std::vector<std::uint32_t> victims;
  };
  Entry& of(ResourceClass c) {
    return entries_.try_emplace(c, Entry{PlacementTrial(graph_, c, now_), {}, {}}).first->second;
  }
  std::map<ResourceClass, Entry>& entries() { return entries_; }

 private:
  const OwnershipGraph& graph_;
  SimTime now_;
  std::map<ResourceClass, Entry> entries_;
};

const Links& ResourceEngine::links(VertexId what) const {
  return what.is_owner() ? graph.owners[what.slot].owners : graph.leaves[what.slot].owners;
}

void ResourceEngine::relink(VertexId what, const Links& links) {
  if (what.is_owner()) {
    graph.link_owner(what.slot, links);
    graph.refresh(what.slot);
  } else {
    graph.link_leaf(what.slot, links);
  }
}

std::set<std::uint32_t> ResourceEngine::leaves_below(VertexId what) const {
  if (!what.is_owner()) return {what.slot};
  std::set<std::uint32_t> found;
  for (const std::uint32_t owner : graph.owners_below(what.slot)) {
    for (const LeafKey& key : graph.owners[owner].leaves) found.insert(key.slot);
  }
  return found;
}

bool ResourceEngine::placeholder_keeps_apart(VertexId what) const {
  const auto alike = [&](const Links& links) {
    const bool under = graph.owners[links.front().owner].under_placeholder;
    return std::all_of(links.begin(), links.end(), [&](const Link& link) {
      return graph.owners[link.owner].under_placeholder == under &&
             (link.owner != OwnershipGraph::kPlaceholder || links.size() == 1);
    });
  };
  if (!alike(links(what))) return false;
  if (what.is_owner()) {
    for (const std::uint32_t owner : graph.owners_below(what.slot)) {
      if (!alike(graph.owners[owner].owners)) return false;
    }
  }
  const std::set<std::uint32_t> leaves = leaves_below(what);
  return std::all_of(leaves.begin(), leaves.end(),
                     [&](std::uint32_t leaf) { return alike(graph.leaves[leaf].owners); });
}

bool ResourceEngine::still_a_way(std::uint32_t leaf) const {
  const LeafNode& node = graph.leaves[leaf];
  if (node.charged_all != node.all) return false;
  if (node.all) {
    Route due = graph.all_charged(node.owners);
    Route is = node.route;
    std::sort(due.begin(), due.end());
    std::sort(is.begin(), is.end());
    return due == is;
  }
  const Links* links = &node.owners;
  for (const std::uint32_t owner : node.route) {
    if (std::none_of(links->begin(), links->end(),
                     [&](const Link& link) { return link.owner == owner; }))
      return false;
    links = &graph.owners[owner].owners;
  }
  return true;  // owners change by edits alone, and the root never has any
}

void ResourceEngine::find_displaced(const std::set<std::uint32_t>& leaves,
                                    TrialsByClass& trials) const {
  for (const std::uint32_t leaf : leaves) {
    const LeafNode& node = graph.leaves[leaf];
    const bool charge = !graph.owners[node.owners.front().owner].under_placeholder;
    // What was taken of a rate stays taken.
    if (node.charged && (graph.is_rate(node.resource_class) || (charge && still_a_way(leaf))))
      continue;
    if (!node.charged && !charge) continue;
    TrialsByClass::Entry& entry = trials.of(node.resource_class);
    entry.trial.uncharge(leaf);
    if (charge) entry.newcomers.push_back(leaf);
  }
}

Changed ResourceEngine::reshape(const Reshape& change, Room room) {
  std::vector<Links> before;
  for (const Reshape::Edit& edit : change.edits) {
    before.push_back(links(edit.what));
    relink(edit.what, edit.owners);
  }
  const auto undo = [&] {
    for (std::size_t i = change.edits.size(); i > 0; --i)
      relink(change.edits[i - 1].what, before[i - 1]);
  };
  TrialsByClass trials(graph, now());
  for (const std::uint32_t leaf : change.ended_leaves) {
    if (graph.leaves[leaf].charged && !graph.is_rate(graph.leaves[leaf].resource_class))
      trials.of(graph.leaves[leaf].resource_class).trial.remove(leaf);
  }
  std::set<std::uint32_t> affected;
  for (const Reshape::Edit& edit : change.edits) {
    if (!placeholder_keeps_apart(edit.what)) {
      undo();
      return {Refusal::kPlaceholder, {}};
    }
    affected.merge(leaves_below(edit.what));
  }
  for (const std::uint32_t leaf : change.ended_leaves) affected.erase(leaf);
  find_displaced(affected, trials);

  for (auto& [resource_class, entry] : trials.entries()) {
    // The leaves that rank highest are placed first.
    std::stable_sort(
        entry.newcomers.begin(), entry.newcomers.end(),
        [&](std::uint32_t a, std::uint32_t b) { return graph.rank(b) < graph.rank(a); });
    const Newcomers newcomers{entry.newcomers, 256};
    Blocked blocked;
    if (settle(entry.trial, newcomers, &blocked)) continue;
    auto victims = room == Room::kRevoke ? make_room(entry.trial, newcomers) : std::nullopt;
    if (!victims.has_value()) {
      undo();
      return {Refusal::kOverLimit, blocked};
    }
    entry.victims = *std::move(victims);
  }
  std::vector<std::uint32_t> victims;
  for (auto& [resource_class, entry] : trials.entries()) {
    entry.trial.commit(graph);
    victims.insert(victims.end(), entry.victims.begin(), entry.victims.end());
  }
  for (const std::uint32_t leaf : affected) {
    LeafNode& node = graph.leaves[leaf];
    if (graph.owners[node.owners.front().owner].under_placeholder) node.active = false;
  }
  revoke(victims);
  return {};
}

Changed ResourceEngine::destroy(VertexId what) {
  if (!what.is_owner()) {
    end_leaf(what.slot, EndReason::kDestroyed, false);
    return {};
  }
  // Vertices that are left without owners end, from the top; the others lose the owners that end.
  std::set<std::uint32_t> ending;
  const auto ends = [&](const Links& links) {
    return std::all_of(links.begin(), links.end(),
                       [&](const Link& link) { return ending.contains(link.owner); });
  };
  const auto without = [&](const Links& links) {
    Links kept = links;
    std::erase_if(kept, [&](const Link& link) { return ending.contains(link.owner); });
    return kept;
  };
  const std::vector<std::uint32_t> below = graph.owners_below(what.slot);
  Reshape change;
  std::set<std::uint32_t> leaves;
  for (const std::uint32_t owner : below) {
    const Links& links = graph.owners[owner].owners;
    if (owner == what.slot || ends(links)) {
      ending.insert(owner);
      for (const LeafKey& key : graph.owners[owner].leaves) leaves.insert(key.slot);
    }
  }
  for (const std::uint32_t owner : below) {
    const Links& links = graph.owners[owner].owners;
    if (!ending.contains(owner) && without(links) != links)
      change.edits.push_back({OwnerId{owner, 1}, without(links)});
  }
  for (const std::uint32_t leaf : leaves) {
    if (ends(graph.leaves[leaf].owners)) {
      change.ended_leaves.push_back(leaf);
    } else {
      change.edits.push_back({ResourceId{leaf, 1}, without(graph.leaves[leaf].owners)});
    }
  }
  if (!change.edits.empty()) {
    const Changed changed = reshape(change, Room::kAsItIs);
    if (changed.refusal != Refusal::kNone) return changed;
  }
  std::vector<ResourceId> ids;
  for (const std::uint32_t leaf : change.ended_leaves) ids.push_back(id(leaf));
  for (const ResourceId& leaf : ids) {
    if (graph.leaves[leaf.slot].generation == leaf.generation)
      end_leaf(leaf.slot, EndReason::kOrphaned, true);
  }
  for (auto owner = below.rbegin(); owner != below.rend(); ++owner) {
    if (!ending.contains(*owner)) continue;
    const bool itself = *owner == what.slot;
    end_owner(*owner, itself ? EndReason::kDestroyed : EndReason::kOrphaned, !itself);
  }
  return {};
}

}  // namespace kadsim

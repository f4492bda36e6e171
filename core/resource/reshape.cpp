#include "core/base/assert.hpp"
#include "core/resource/displacement.hpp"
#include "core/resource/resource_engine.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

// New owners for some vertices, as one step. The edges change first, which displaces some of the
// leaves below them. These are placed anew on trials, one for each class, while the accounts stay
// as they are. If every class has found a place for its leaves, the trials become the accounts; if
// not, the edges are put back.

namespace kadsim {
namespace {

using Edits = std::vector<Reshape::Edit>;

// What a reshape changes in the accounts of one class.
struct ClassChange {
  PlacementTrial trial;
  std::vector<std::uint32_t> newcomers;  // leaves to be charged anew
  std::vector<std::uint32_t> victims;    // leaves that are revoked for them
};

class ClassChanges {
 public:
  ClassChanges(const OwnershipGraph& graph, SimTime now) : graph_(graph), now_(now) {}

  ClassChange& of(ResourceClass c) {
    return all_.try_emplace(c, ClassChange{PlacementTrial(graph_, c, now_), {}, {}}).first->second;
  }
  std::map<ResourceClass, ClassChange>& all() { return all_; }

 private:
  const OwnershipGraph& graph_;
  SimTime now_;
  std::map<ResourceClass, ClassChange> all_;
};

void relink(OwnershipGraph& graph, VertexId what, const Links& links) {
  if (what.is_owner()) {
    graph.link_owner(what.slot, links);
    graph.refresh(what.slot);
  } else {
    graph.link_leaf(what.slot, links);
  }
}

// Returns the edges that were there before, edit by edit.
std::vector<Links> rewire(OwnershipGraph& graph, const Edits& edits) {
  std::vector<Links> before;
  for (const Reshape::Edit& edit : edits) {
    before.push_back(graph.links(edit.what));
    relink(graph, edit.what, edit.owners);
  }
  return before;
}

void put_back(OwnershipGraph& graph, const Edits& edits, const std::vector<Links>& before) {
  for (std::size_t i = edits.size(); i > 0; --i) relink(graph, edits[i - 1].what, before[i - 1]);
}

std::set<std::uint32_t> leaves_below(const OwnershipGraph& graph, const Edits& edits) {
  std::set<std::uint32_t> found;
  for (const Reshape::Edit& edit : edits) found.merge(graph.leaves_below(edit.what));
  return found;
}

// Takes the leaves out of the trials that end or are displaced. The latter are newcomers, unless
// they are under the placeholder now.
void take_out(const OwnershipGraph& graph, const std::vector<std::uint32_t>& ended,
              const std::set<std::uint32_t>& below, ClassChanges& classes) {
  for (const std::uint32_t leaf : ended) {
    const LeafNode& node = graph.leaves[leaf];
    KADSIM_ASSERT(!below.contains(leaf), "a leaf ends that has an owner left");
    if (node.charged && !graph.is_rate(node.resource_class))
      classes.of(node.resource_class).trial.remove(leaf);
  }
  for (const std::uint32_t leaf : below) {
    const Displacement displaced = displacement(graph, leaf);
    if (displaced == Displacement::kNone) continue;
    ClassChange& change = classes.of(graph.leaves[leaf].resource_class);
    change.trial.uncharge(leaf);
    if (displaced == Displacement::kToAnotherWay) change.newcomers.push_back(leaf);
  }
}

// Places the newcomers, those that rank highest first. Refused: the trial is in any state.
Changed place_newcomers(const OwnershipGraph& graph, ClassChange& change, Room room) {
  std::stable_sort(change.newcomers.begin(), change.newcomers.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return graph.rank(b) < graph.rank(a); });
  const Newcomers newcomers{change.newcomers, 256};
  Blocked blocked;
  if (settle(change.trial, newcomers, &blocked)) return {};
  auto victims = room == Room::kRevoke ? make_room(change.trial, newcomers) : std::nullopt;
  if (!victims.has_value()) return {Refusal::kOverLimit, blocked};
  change.victims = *std::move(victims);
  return {};
}

// All that may refuse the new edges. Refused: the trials are in any state.
Changed try_edges(const OwnershipGraph& graph, const Reshape& change,
                  const std::set<std::uint32_t>& below, Room room, ClassChanges& classes) {
  for (const Reshape::Edit& edit : change.edits) {
    if (!placeholder_is_apart(graph, edit.what)) return {Refusal::kPlaceholder, {}};
  }
  take_out(graph, change.ended_leaves, below, classes);
  for (auto& [resource_class, of_class] : classes.all()) {
    const Changed placed = place_newcomers(graph, of_class, room);
    if (placed.refusal != Refusal::kNone) return placed;
  }
  return {};
}

}  // namespace

Changed ResourceEngine::reshape(const Reshape& change, Room room) {
  const std::vector<Links> before = rewire(graph, change.edits);
  const std::set<std::uint32_t> below = leaves_below(graph, change.edits);
  ClassChanges classes(graph, now());
  const Changed changed = try_edges(graph, change, below, room, classes);
  if (changed.refusal != Refusal::kNone) {
    put_back(graph, change.edits, before);
    return changed;
  }
  std::vector<std::uint32_t> victims;
  for (const auto& [resource_class, of_class] : classes.all()) {
    of_class.trial.commit(graph);
    victims.insert(victims.end(), of_class.victims.begin(), of_class.victims.end());
  }
  for (const std::uint32_t leaf : below) {
    LeafNode& node = graph.leaves[leaf];
    if (graph.under_placeholder(node.owners)) node.active = false;
  }
  end_leaves(victims, EndReason::kRevoked);
  return {};
}

}  // namespace kadsim

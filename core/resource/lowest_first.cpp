#include "core/resource/lowest_first.hpp"

#include <limits>

namespace kadsim {

LowestFirst::LowestFirst(const OwnershipGraph& graph, ResourceClass resource_class,
                         std::uint32_t owner)
    : graph_(&graph), class_(resource_class) {
  constexpr auto kNewest = std::numeric_limits<std::uint64_t>::max();
  std::set<std::uint32_t> unsorted;
  for (const std::uint32_t below : graph.owners_below(owner)) {
    const auto& leaves = graph.owners[below].leaves;
    auto key = leaves.lower_bound({class_, false, EdgePriority::of(0), kNewest, 0});
    for (; key != leaves.end() && key->resource_class == class_ && !key->alone; ++key)
      unsorted.insert(key->slot);
    if (!graph.owners[below].priority.zero()) {
      push_single(below, key);
      continue;
    }
    // These leaves differ in rank by their age alone, and the owner does not list them by age.
    for (; key != leaves.end() && key->resource_class == class_; ++key) unsorted.insert(key->slot);
  }
  for (const std::uint32_t leaf : unsorted) queue_.push({graph.rank(leaf), leaf, std::nullopt, 0});
}

// Leaves that only this owner owns rank in the order in which it lists them.
void LowestFirst::push_single(std::uint32_t owner, std::set<LeafKey>::const_iterator key) {
  if (key == graph_->owners[owner].leaves.end() || key->resource_class != class_) return;
  queue_.push({graph_->rank(key->slot), key->slot, key, owner});
}

std::optional<std::uint32_t> LowestFirst::next() {
  if (queue_.empty()) return std::nullopt;
  const Candidate lowest = queue_.top();
  queue_.pop();
  if (lowest.key.has_value()) push_single(lowest.owner, std::next(*lowest.key));
  return lowest.leaf;
}

}  // namespace kadsim

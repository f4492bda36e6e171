#include "core/resource/lifetimes.hpp"

#include <vector>

namespace kadsim {

bool Lifetimes::alive(LifetimeId id) const {
  return id.generation != 0 && id.slot < nodes_.size() && nodes_[id.slot].live &&
         nodes_[id.slot].generation == id.generation;
}

LifetimeId Lifetimes::make(std::uint32_t from, bool of_vertex) {
  const std::uint32_t slot = nodes_.take();
  Node& node = nodes_[slot];
  node.live = true;
  node.of_vertex = of_vertex;
  node.from = from;
  if (from != kNone) nodes_[from].derived.insert(slot);
  return {slot, node.generation};
}

void Lifetimes::unbind(LifetimeId id, std::uint32_t leaf) {
  if (alive(id)) nodes_[id.slot].bound.erase(leaf);
}

void Lifetimes::end(LifetimeId id, std::set<std::uint32_t>& bound) {
  if (!alive(id)) return;
  if (const std::uint32_t from = nodes_[id.slot].from; from != kNone)
    nodes_[from].derived.erase(id.slot);
  std::vector<std::uint32_t> open{id.slot};
  while (!open.empty()) {
    const std::uint32_t slot = open.back();
    open.pop_back();
    Node& node = nodes_[slot];
    open.insert(open.end(), node.derived.begin(), node.derived.end());
    bound.insert(node.bound.begin(), node.bound.end());
    const std::uint32_t generation = node.generation;
    node = Node{};
    node.generation = generation + 1 == 0 ? 1 : generation + 1;
    nodes_.give_back(slot);
  }
}

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <set>

#include "core/base/slot_pool.hpp"
#include "core/resource/resource_ids.hpp"

namespace kadsim {

/// Lifetimes of vertices and the lifetimes derived from them: a forest, in which the end of one
/// ends all below it. It knows which leaves are bound to which lifetime, and ends no leaf itself.
class Lifetimes {
 public:
  LifetimeId make_of_vertex() { return make(kNone, true); }
  /// Pre: alive(from).
  LifetimeId derive(LifetimeId from) { return make(from.slot, false); }
  [[nodiscard]] bool alive(LifetimeId id) const;
  [[nodiscard]] bool of_vertex(LifetimeId id) const { return nodes_[id.slot].of_vertex; }

  /// Pre: alive(id).
  void bind(LifetimeId id, std::uint32_t leaf) { nodes_[id.slot].bound.insert(leaf); }
  /// Does nothing if the lifetime is over.
  void unbind(LifetimeId id, std::uint32_t leaf);
  /// Ends the lifetime and all below it. Adds the leaves that were bound to any of them to `bound`.
  /// O(lifetimes that end and leaves added).
  void end(LifetimeId id, std::set<std::uint32_t>& bound);

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  struct Node {
    std::uint32_t generation = 1;
    bool live = false;
    bool of_vertex = false;
    std::uint32_t from = kNone;
    std::set<std::uint32_t> derived;
    std::set<std::uint32_t> bound;
  };

  LifetimeId make(std::uint32_t from, bool of_vertex);

  SlotPool<Node> nodes_;
};

}  // namespace kadsim

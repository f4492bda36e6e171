#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kadsim {

/// Maximum flow in a network with whole capacities, by Boost.Graph (push-relabel, Goldberg and
/// Tarjan, 1988). The flow found is a function of the order in which nodes and arcs were added.
class MaxFlow {
 public:
  /// Greater than any sum of supplies.
  static constexpr std::int64_t kAnyAmount = std::int64_t{1} << 60;

  std::size_t add_node() { return nodes_++; }
  /// Pre: both nodes were added; 0 <= capacity <= kAnyAmount. Returns its number, from 0.
  std::size_t add_arc(std::size_t from, std::size_t to, std::int64_t capacity);

  /// The value of a maximum flow. To be called once. Pre: from != to.
  std::int64_t solve(std::size_t from, std::size_t to);
  [[nodiscard]] std::int64_t flow(std::size_t arc) const { return arcs_[arc].flow; }
  /// Whether more could be brought from the source to `node`: true for the nodes on the source's
  /// side of a minimum cut.
  [[nodiscard]] bool on_source_side(std::size_t node) const { return source_side_[node]; }

 private:
  struct Arc {
    std::size_t from = 0;
    std::size_t to = 0;
    std::int64_t capacity = 0;
    std::int64_t flow = 0;
  };
  std::size_t nodes_ = 0;
  std::vector<Arc> arcs_;
  std::vector<bool> source_side_;
};

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/random/probability.hpp"
#include "sim/world/group_options.hpp"

namespace kadsim {

/// Which node is in which group, by birth number.
///
/// Each group has exactly as many nodes as its options say, and every way to choose them is equally
/// likely. The nodes are gone through by birth; each draws, with the stream `network.groups` and
/// the key (birth, 0, 0), one of the places that are left, those of the first group first and those
/// in no group last. So a group that is added behind the others takes nodes that were in none and
/// moves no other node; another number of nodes draws the groups anew. One byte a node, none
/// without groups.
class NodeGroups {
 public:
  NodeGroups() = default;
  /// Pre: at most kMostGroups groups, which together have at most `nodes` nodes. O(nodes * groups).
  NodeGroups(std::vector<GroupOptions> groups, std::uint32_t nodes, std::uint64_t seed,
             std::uint32_t replica);

  [[nodiscard]] bool any() const { return !groups_.empty(); }
  [[nodiscard]] const std::vector<GroupOptions>& groups() const { return groups_; }
  /// Index of the node's group among `groups()`; their number if it is in none.
  [[nodiscard]] std::size_t of(std::uint32_t birth) const {
    return birth < by_birth_.size() ? by_birth_[birth] : groups_.size();
  }
  /// Empty for a node that is in no group.
  [[nodiscard]] std::string_view name_of(std::uint32_t birth) const;
  /// Pre: one of the groups has this name.
  [[nodiscard]] std::size_t index(std::string_view name) const;
  /// How likely the node is never to answer, if its group says so.
  [[nodiscard]] std::optional<Probability> unreachable(std::uint32_t birth) const;

 private:
  std::vector<GroupOptions> groups_;
  std::vector<std::uint8_t> by_birth_;  // empty: there are no groups
};

}  // namespace kadsim

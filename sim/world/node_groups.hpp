#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/random/probability.hpp"
#include "sim/world/group_options.hpp"

namespace kadsim {

/// Throws a SettingError if the groups together have more than `nodes` nodes.
void require_room(const std::vector<GroupOptions>& groups, std::uint64_t nodes,
                  const IdentityOptions& identities);

/// Which node is in which group, by birth number.
///
/// Each group has exactly as many nodes as its options say. A group of chosen identities has
/// exactly the nodes of these; the nodes of the other groups are drawn among all that are in no
/// such group, every way to choose them equally likely. For that the nodes are gone through by
/// birth; each draws, with the stream `network.groups` and the key (birth, 0, 0), one of the places
/// that are left, those of the first group first and those in no group last. So a group that is
/// added behind the others takes nodes that were in none and moves no other node, unless it has
/// chosen identities; another number of nodes draws the groups anew. One byte a node, none without
/// groups.
class NodeGroups {
 public:
  NodeGroups() = default;
  /// Throws a SettingError if the groups together have more nodes than the network, which shows
  /// only here where their number follows from a file. Pre: at most kMostGroups groups, and no two
  /// of the same chosen identities. O(nodes * groups).
  NodeGroups(std::vector<GroupOptions> groups, std::uint32_t nodes, std::uint64_t seed,
             std::uint32_t replica, const IdentityOptions& identities = {});

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

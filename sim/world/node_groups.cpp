#include "sim/world/node_groups.hpp"

#include "core/base/assert.hpp"
#include "core/random/random_stream.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

NodeGroups::NodeGroups(std::vector<GroupOptions> groups, std::uint32_t nodes, std::uint64_t seed,
                       std::uint32_t replica)
    : groups_(std::move(groups)) {
  if (groups_.empty()) return;
  KADSIM_ASSERT(groups_.size() <= kMostGroups,
                "a scenario has no more groups than fit into a byte");
  std::vector<std::uint64_t> left;  // places, one count a group
  std::uint64_t taken = 0;
  for (const GroupOptions& group : groups_) {
    left.push_back(group.nodes_of(nodes));
    taken += left.back();
  }
  KADSIM_ASSERT(taken <= nodes, "groups have no more nodes than the network");
  const RandomStream stream(seed, replica, "network.groups");
  by_birth_.resize(nodes);
  for (std::uint32_t birth = 0; birth < nodes; ++birth) {
    std::uint64_t place = RandomSequence(stream, {birth, 0, 0}).below(nodes - birth);
    std::size_t group = 0;
    while (group < left.size() && place >= left[group]) place -= left[group++];
    if (group < left.size()) --left[group];
    by_birth_[birth] = static_cast<std::uint8_t>(group);
  }
}

std::string_view NodeGroups::name_of(std::uint32_t birth) const {
  const std::size_t group = of(birth);
  return group < groups_.size() ? std::string_view(groups_[group].name) : std::string_view();
}

std::size_t NodeGroups::index(std::string_view name) const {
  const auto found = std::ranges::find(groups_, name, &GroupOptions::name);
  KADSIM_ASSERT(found != groups_.end(), "a scenario names only groups that it has");
  return static_cast<std::size_t>(found - groups_.begin());
}

std::optional<Probability> NodeGroups::unreachable(std::uint32_t birth) const {
  const std::size_t group = of(birth);
  return group < groups_.size() ? groups_[group].unreachable : std::nullopt;
}

}  // namespace kadsim

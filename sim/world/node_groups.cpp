#include "sim/world/node_groups.hpp"

#include "core/base/assert.hpp"
#include "core/random/random_stream.hpp"
#include "sim/input/setting_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace kadsim {
namespace {

// The names of the keys of GroupOptions::size, in its order.
constexpr std::array kSizeKeys = {"count", "share", "identities"};

}  // namespace

void require_room(const std::vector<GroupOptions>& groups, std::uint64_t nodes,
                  const IdentityOptions& identities) {
  const auto full = group_without_room(groups, nodes, identities);
  if (!full.has_value()) return;
  throw SettingError(
      fmt::format("network.groups.{}.{}", full->group, kSizeKeys[groups[full->group].size.index()]),
      fmt::format("that is {} nodes, but the groups before it leave {} of {}", full->nodes,
                  full->left, nodes),
      fmt::format("want at most {} nodes", full->left));
}

NodeGroups::NodeGroups(std::vector<GroupOptions> groups, std::uint32_t nodes, std::uint64_t seed,
                       std::uint32_t replica, const IdentityOptions& identities)
    : groups_(std::move(groups)) {
  if (groups_.empty()) return;
  KADSIM_ASSERT(groups_.size() <= kMostGroups,
                "a scenario has no more groups than fit into a byte");
  require_room(groups_, nodes, identities);
  const auto none = static_cast<std::uint8_t>(groups_.size());
  by_birth_.assign(nodes, none);
  std::uint64_t to_draw = nodes;
  std::vector<std::uint64_t> left;  // places, one count a group
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    const auto* const chosen = std::get_if<group_size::Chosen>(&groups_[group].size);
    left.push_back(chosen != nullptr ? 0 : groups_[group].nodes_of(nodes, identities));
    if (chosen == nullptr) continue;
    const BirthRange births = births_of(*chosen, identities);
    for (std::uint64_t i = 0; i < births.count; ++i) {
      KADSIM_ASSERT(by_birth_[births.first + i] == none, "a node is in one group");
      by_birth_[births.first + i] = static_cast<std::uint8_t>(group);
    }
    to_draw -= births.count;
  }
  const RandomStream stream(seed, replica, "network.groups");
  for (std::uint32_t birth = 0; birth < nodes; ++birth) {
    if (by_birth_[birth] != none) continue;
    std::uint64_t place = RandomSequence(stream, {birth, 0, 0}).below(to_draw--);
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

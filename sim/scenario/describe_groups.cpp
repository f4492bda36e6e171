#include "sim/scenario/describe.hpp"
#include "sim/scenario/near_name.hpp"
#include "sim/scenario/shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace kadsim {
namespace {

using namespace shape;

// In the order of the variants of GroupOptions::size.
constexpr std::array kSizes = {
    Named{"count", "So many nodes."},
    Named{"share", "A share of the nodes."},
    Named{"identities", "The nodes whose identities are chosen."},
};
// In the order of the variants of group_size::Chosen::which.
constexpr std::array kChosen = {
    Named{"all", "All of network.identities."},
    Named{"file", "Those of network.identities.file."},
    Named{"near", "Those of one item of network.identities.near."},
};
constexpr std::size_t kChosenWords = 2;

constexpr std::array kOneForAll = {
    Named{"k", "a group can't have a k of its own: it is the size of the buckets of all tables"},
};

std::string path(std::size_t group, std::string_view key) {
  return fmt::format("groups.{}.{}", group, key);
}

void check_group_names(Rules& rules, const std::vector<GroupOptions>& groups) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto first = std::ranges::find(groups, groups[i].name, &GroupOptions::name);
    const auto at = static_cast<std::size_t>(first - groups.begin());
    if (at == i) continue;
    rules.broken({path(i, "name"), path(at, "name")},
                 fmt::format("\"{}\" is the name of network.groups.{} as well", groups[i].name, at),
                 "want another name");
  }
}

void check_region(Rules& rules, const NetworkOptions& network, std::size_t at) {
  const auto& region = network.groups[at].region;
  if (!region.has_value()) return;
  const auto* model = std::get_if<delay::Regions>(&network.link.delay);
  if (model == nullptr) {
    rules.broken({path(at, "region"), "link.delay.model"}, "the delays of links know no regions",
                 "want null, or network.link.delay.model \"regions\"");
    return;
  }
  if (std::ranges::find(model->names, *region) != model->names.end()) return;
  const std::vector<std::string_view> names(model->names.begin(), model->names.end());
  rules.broken({path(at, "region"), "link.delay"},
               fmt::format("\"{}\" is no region of network.link.delay", *region),
               "want the name of a region" + did_you_mean(*region, names));
}

std::string shown(const group_size::Chosen& chosen) {
  if (const auto* near = std::get_if<group_size::NearKey>(&chosen.which)) {
    return fmt::format("network.identities.near.{}", near->item);
  }
  return std::holds_alternative<group_size::OfFile>(chosen.which) ? "network.identities.file"
                                                                  : "network.identities";
}

bool are_there(const group_size::Chosen& chosen, const IdentityOptions& identities) {
  if (const auto* near = std::get_if<group_size::NearKey>(&chosen.which)) {
    return near->item < identities.prefixes.size();
  }
  return identities.file.has_value() ||
         (std::holds_alternative<group_size::AllChosen>(chosen.which) && identities.any());
}

// Have the two groups the same nodes, or some of them?
bool share_nodes(const group_size::Chosen& one, const group_size::Chosen& other) {
  return shown(one) == shown(other) || std::holds_alternative<group_size::AllChosen>(one.which) ||
         std::holds_alternative<group_size::AllChosen>(other.which);
}

// False: the number of the group's nodes can't be told.
bool check_chosen(Rules& rules, const NetworkOptions& network, std::size_t at) {
  const auto* chosen = std::get_if<group_size::Chosen>(&network.groups[at].size);
  if (chosen == nullptr) return true;
  if (!are_there(*chosen, network.identities)) {
    rules.broken({path(at, "identities"), "identities"},
                 fmt::format("there is no {} to choose its nodes from", shown(*chosen)),
                 "want identities that are chosen there");
    return false;
  }
  for (std::size_t i = 0; i < at; ++i) {
    const auto* other = std::get_if<group_size::Chosen>(&network.groups[i].size);
    if (other == nullptr || !share_nodes(*chosen, *other)) continue;
    rules.broken({path(at, "identities"), path(i, "identities")},
                 fmt::format("nodes of {} are in network.groups.{} already", shown(*chosen), i),
                 "want each node in one group");
    return false;
  }
  return true;
}

}  // namespace

void describe_group(Fields& fields, GroupOptions& group, ClientOptions& all) {
  fields.add("name", name(group.name), "Unique among the groups.", kRequired);
  fields.one_of(alternatives(group.size, std::span(kSizes)));
  fields.add("unreachable", optional_of(group.unreachable, rate),
             "Share of its nodes that never answer; null: network.unreachable.");
  fields.add("region", optional_of(group.region, name),
             "Region of network.link.delay that its nodes are in; null: drawn as for all.");
  fields.add(
      "dial",
      optional_of(group.dial, [](DialPolicy& dial) { return choice(dial, dials_of_groups()); }),
      "When its clients dial; null: network.link.dial.");
  fields.add(
      "client", variation_of(group.client, all, "client", kOneForAll),
      "In what its clients differ: any key of `client` but k; what is not given is as there.");
}

void describe(Fields& fields, group_size::Count& size) {
  fields.add("count", integer(size.nodes), "How many nodes it has, drawn among all.", kRequired);
}

void describe(Fields& fields, group_size::Share& size) {
  fields.add("share", rate(size.of), "Its share of the nodes; their number is rounded down.",
             kRequired);
}

void describe(Fields& fields, group_size::Chosen& size) {
  fields.add("identities", word_or_object(size.which, kChosen, kChosenWords),
             "It is exactly these nodes, whose identities are chosen.", kRequired);
}

void describe(Fields& /*fields*/, group_size::AllChosen& /*which*/) {}

void describe(Fields& /*fields*/, group_size::OfFile& /*which*/) {}

void describe(Fields& fields, group_size::NearKey& which) {
  fields.add("near", integer(which.item), "Number of the item, counted from 0.", kRequired);
}

void check_groups(Rules& rules, const NetworkOptions& network) {
  const std::vector<GroupOptions>& groups = network.groups;
  if (groups.size() > kMostGroups) {
    rules.broken({"groups"}, fmt::format("{} groups are too many", groups.size()),
                 fmt::format("want at most {}", kMostGroups));
    return;
  }
  check_group_names(rules, groups);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    check_region(rules, network, i);
    if (!check_chosen(rules, network, i)) return;
  }
  const auto full = group_without_room(groups, network.nodes, network.identities);
  if (!full.has_value()) return;
  rules.broken(
      {path(full->group, kSizes[groups[full->group].size.index()].name), "groups", "nodes"},
      fmt::format("that is {} nodes, but the groups before it leave {} of {}", full->nodes,
                  full->left, network.nodes),
      fmt::format("want at most {} nodes", full->left));
}

void check_origins(Rules& rules, const Scenario& scenario) {
  const std::vector<GroupOptions>& groups = scenario.network.groups;
  for (std::size_t i = 0; i < scenario.workload.size(); ++i) {
    const auto* by = std::get_if<origins::Group>(&scenario.workload[i].origin);
    if (by == nullptr || std::ranges::find(groups, by->name, &GroupOptions::name) != groups.end()) {
      continue;
    }
    std::vector<std::string_view> names;
    for (const GroupOptions& group : groups) names.push_back(group.name);
    rules.broken({fmt::format("workload.{}.origins.group", i), "network.groups"},
                 fmt::format("\"{}\" is no group of network.groups", by->name),
                 "want the name of a group" + did_you_mean(by->name, names));
  }
}

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/random/probability.hpp"
#include "sim/world/identity_options.hpp"

namespace kadsim {

/// A network has no more groups than this, so that a byte a node tells them apart.
inline constexpr std::size_t kMostGroups = 200;

namespace group_size {
struct Count {
  std::uint64_t nodes = 0;
};
/// Of the nodes of time 0; the number of nodes is rounded down.
struct Share {
  Probability of;
};

/// All nodes whose identities are chosen.
struct AllChosen {};
/// Those of `IdentityOptions::hashes`, which are read from a file.
struct OfFile {};
/// Those of one item of `IdentityOptions::prefixes`.
struct NearKey {
  std::uint32_t item = 0;
};
/// Not so many nodes, but exactly these, whose identities are chosen.
struct Chosen {
  std::variant<AllChosen, OfFile, NearKey> which = AllChosen{};
};
}  // namespace group_size

/// Births from `first` on, `count` many.
struct BirthRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};
/// When the chosen nodes are born. Pre: the item of a NearKey is there. O(items).
[[nodiscard]] BirthRange births_of(const group_size::Chosen& chosen,
                                   const IdentityOptions& identities);

/// A group of nodes of time 0, and in what they differ from the others. What is not given is as
/// the scenario says for all nodes. Nodes that no group takes, and nodes that join, are in none.
struct GroupOptions {
  std::string name;  ///< not empty, unique among the groups
  std::variant<group_size::Count, group_size::Share, group_size::Chosen> size = group_size::Count{};
  std::optional<Probability> unreachable{};  ///< share of its nodes that never answer
  /// How its clients behave, `dial` left aside; none: as all others. `lookup.k` is that of all, as
  /// routing tables are made with it.
  std::optional<ClientOptions> client{};
  std::optional<DialPolicy> dial{};  ///< when its clients dial
  /// Name of a region of the model of network.link.delay, which all its nodes are in; none: drawn.
  std::optional<std::string> region{};

  /// How many nodes it has in a network of `nodes`, some of which have these chosen identities.
  [[nodiscard]] std::uint64_t nodes_of(std::uint64_t nodes,
                                       const IdentityOptions& identities) const;
  [[nodiscard]] bool clients_differ() const { return client.has_value() || dial.has_value(); }
};

/// A group that has more nodes than those before it leave.
struct GroupWithoutRoom {
  std::size_t group = 0;  ///< its index
  std::uint64_t nodes = 0;
  std::uint64_t left = 0;
};
/// The first such group in a network of `nodes`; none: they all have room.
[[nodiscard]] std::optional<GroupWithoutRoom> group_without_room(
    std::span<const GroupOptions> groups, std::uint64_t nodes, const IdentityOptions& identities);

/// How the clients of each group behave, in the order of the groups, and last those of nodes in
/// none, which behave as `all`.
[[nodiscard]] std::vector<ClientOptions> clients_by_group(std::span<const GroupOptions> groups,
                                                          const ClientOptions& all);

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <vector>

#include "core/client/options_by_node.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// How the client of each node behaves, by the group that the node is in.
class GroupClients final : public OptionsByNode {
 public:
  /// `population` outlives this; `all` is for what a group does not give itself.
  GroupClients(const Population& population, const ClientOptions& all)
      : population_(population), of_group_(clients_by_group(population.groups().groups(), all)) {}

  /// As NodeGroups::of: beyond the last group for a node that is in none.
  [[nodiscard]] std::size_t group_of(PeerRef peer) const {
    return population_.groups().of(population_.birth(peer));
  }
  /// Did the group give its clients options of its own?
  [[nodiscard]] bool has_own(std::size_t group) const {
    const auto& groups = population_.groups().groups();
    return group < groups.size() && groups[group].client.has_value();
  }
  /// By `group_of`.
  [[nodiscard]] const std::vector<ClientOptions>& by_group() const { return of_group_; }

  [[nodiscard]] const ClientOptions& options_of(PeerRef peer) const override {
    return of_group_[group_of(peer)];
  }

 private:
  const Population& population_;
  std::vector<ClientOptions> of_group_;
};

}  // namespace kadsim

#pragma once

#include <vector>

#include "core/client/options_by_node.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// How the clients of each group behave: the options of all clients, and over them what the group
/// gives itself.
class GroupClients final : public OptionsByNode {
 public:
  /// `population` outlives this.
  GroupClients(const Population& population, const ClientOptions& all) : population_(population) {
    for (const GroupOptions& group : population.groups().groups()) {
      of_group_.push_back(group.client.over(all));
    }
    of_group_.push_back(all);  // nodes in no group
  }

  [[nodiscard]] const ClientOptions& options_of(PeerRef peer) const override {
    return of_group_[population_.groups().of(population_.birth(peer))];
  }

 private:
  const Population& population_;
  std::vector<ClientOptions> of_group_;  // by NodeGroups::of
};

}  // namespace kadsim

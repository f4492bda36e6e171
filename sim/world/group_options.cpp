#include "sim/world/group_options.hpp"

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"

namespace kadsim {

std::uint64_t GroupOptions::nodes_of(std::uint64_t nodes) const {
  if (const auto* count = std::get_if<group_size::Count>(&size)) return count->nodes;
  const Probability& share = std::get<group_size::Share>(size).of;
  return static_cast<std::uint64_t>(static_cast<Wide>(nodes) * share.numerator() /
                                    share.denominator());
}

std::vector<ClientOptions> clients_by_group(std::span<const GroupOptions> groups,
                                            const ClientOptions& all) {
  std::vector<ClientOptions> clients;
  for (const GroupOptions& group : groups) {
    ClientOptions& client = clients.emplace_back(group.client.value_or(all));
    KADSIM_ASSERT(client.lookup.k == all.lookup.k, "buckets have one size for the whole network");
    client.dial = group.dial.value_or(all.dial);
  }
  clients.push_back(all);
  return clients;
}

}  // namespace kadsim

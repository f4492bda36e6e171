#include "sim/world/group_options.hpp"

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"

namespace kadsim {

BirthRange births_of(const group_size::Chosen& chosen, const IdentityOptions& identities) {
  const std::uint64_t of_file = identities.hashes.size();
  if (std::holds_alternative<group_size::OfFile>(chosen.which)) return {0, of_file};
  std::uint64_t first = of_file;
  const auto* const near = std::get_if<group_size::NearKey>(&chosen.which);
  for (std::size_t i = 0; i < identities.prefixes.size(); ++i) {
    const std::uint64_t count = identities.prefixes[i].count;
    if (near != nullptr && near->item == i) return {first, count};
    first += count;
  }
  KADSIM_ASSERT(near == nullptr, "a scenario names only identities that it has");
  return {0, first};
}

std::uint64_t GroupOptions::nodes_of(std::uint64_t nodes, const IdentityOptions& identities) const {
  if (const auto* count = std::get_if<group_size::Count>(&size)) return count->nodes;
  if (const auto* chosen = std::get_if<group_size::Chosen>(&size)) {
    return births_of(*chosen, identities).count;
  }
  const Probability& share = std::get<group_size::Share>(size).of;
  return static_cast<std::uint64_t>(static_cast<Wide>(nodes) * share.numerator() /
                                    share.denominator());
}

std::optional<GroupWithoutRoom> group_without_room(std::span<const GroupOptions> groups,
                                                   std::uint64_t nodes,
                                                   const IdentityOptions& identities) {
  std::uint64_t left = nodes;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const std::uint64_t wanted = groups[i].nodes_of(nodes, identities);
    if (wanted > left) return GroupWithoutRoom{i, wanted, left};
    left -= wanted;
  }
  return std::nullopt;
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

#include "sim/world/group_limits.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

std::unique_ptr<ClientGates> make_gates(const ClientGates::Parts& parts,
                                        const ClientOptions& client) {
  if (!client.resources.any()) return nullptr;
  return std::make_unique<ClientGates>(
      parts, ClientGates::Options{.resources = client.resources,
                                  .k = client.lookup.k,
                                  .tables_learn = client.table_updates == TableUpdates::kLearn});
}

Reception reception_through(ClientGates& gates, const ClientOptions& client) {
  return {.streams = gates.inbound(),
          .negotiations = gates.inbound_negotiations(),
          .service_time = client.resources.service_time};
}

GroupLimits::GroupLimits(const ClientGates::Parts& parts, const GroupClients& clients,
                         ClientGates* others)
    : clients_(clients) {
  const std::vector<ClientOptions>& by_group = clients.by_group();
  for (std::size_t group = 0; group < by_group.size(); ++group) {
    const ClientOptions& client = by_group[group];
    ClientGates* gates = others;
    if (clients.has_own(group)) {
      std::unique_ptr<ClientGates> own = make_gates(parts, client);
      gates = own.get();
      if (own != nullptr) gates_.push_back(std::move(own));
    }
    Limits& limits = of_group_.emplace_back();
    limits.connection = &parts.connection;
    if (gates == nullptr) continue;
    if (client.resources.limits_outbound()) limits.connection = &gates->connection();
    limits.reception = reception_through(*gates, client);
  }
}

bool GroupLimits::limits_outbound() const {
  return std::ranges::any_of(clients_.by_group(),
                             [](const auto& c) { return c.resources.limits_outbound(); });
}

void GroupLimits::dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) {
  connection_of(interaction.from).dial(interaction, handler, tag);
}

void GroupLimits::negotiate(const Interaction& interaction, ReplyHandler& handler,
                            std::uint64_t tag) {
  connection_of(interaction.from).negotiate(interaction, handler, tag);
}

void GroupLimits::get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                                       ReplyHandler& handler, std::uint64_t tag) {
  connection_of(interaction.from).get_closest_nodes_to(interaction, target, handler, tag);
}

void GroupLimits::store_segment(const Interaction& interaction, const Segment& segment,
                                const RecordDetails* details, ReplyHandler& handler,
                                std::uint64_t tag) {
  connection_of(interaction.from).store_segment(interaction, segment, details, handler, tag);
}

void GroupLimits::retrieve_segment(const Interaction& interaction, const Hash& key,
                                   ReplyHandler& handler, std::uint64_t tag) {
  connection_of(interaction.from).retrieve_segment(interaction, key, handler, tag);
}

void GroupLimits::operation_over(PeerRef origin, std::uint64_t operation) {
  connection_of(origin).operation_over(origin, operation);
}

}  // namespace kadsim

// What must hold between how clients behave and what they are to do.

#include "core/lookup/strategies.hpp"
#include "sim/scenario/describe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kadsim {
namespace {

/// Clients that behave alike, and where the scenario says how.
struct Clients {
  const ClientOptions& options;
  std::string path;
  const GroupOptions* group = nullptr;  // null: all clients of nodes whose group says nothing

  [[nodiscard]] std::string key(std::string_view of_client) const {
    return fmt::format("{}.{}", path, of_client);
  }
};

std::vector<Clients> clients_of(const Scenario& scenario) {
  std::vector<Clients> all{{scenario.client, "client"}};
  const std::vector<GroupOptions>& groups = scenario.network.groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!groups[i].client.has_value()) continue;
    all.push_back({*groups[i].client, fmt::format("network.groups.{}.client", i), &groups[i]});
  }
  return all;
}

bool is_resolved_at_its_start(const LookupOptions& lookup) {
  const auto strategy = make_lookup_strategy(lookup.strategy);
  return strategy != nullptr && strategy->instant() != nullptr;
}

// May an operation of the entry start at one of these clients?
bool may_start(const Scenario& scenario, const WorkloadEntry& entry, const Clients& clients) {
  const auto* const by_group = std::get_if<origins::Group>(&entry.origin);
  if (by_group == nullptr) return true;
  if (clients.group != nullptr) return clients.group->name == by_group->name;
  return std::ranges::none_of(scenario.network.groups, [&](const GroupOptions& group) {
    return group.name == by_group->name && group.client.has_value();
  });
}

// A get hears of versions, one answer after the other; a lookup that is resolved at its start can't
// tell them.
void check_gets(Rules& rules, const Scenario& scenario, const Clients& clients) {
  if (clients.options.values.style != ValueStyle::kGoLibp2p) return;
  if (!is_resolved_at_its_start(clients.options.lookup)) return;
  for (std::size_t i = 0; i < scenario.workload.size(); ++i) {
    const WorkloadEntry& entry = scenario.workload[i];
    if (entry.op != OperationKind::kGet || !may_start(scenario, entry, clients)) continue;
    rules.broken({fmt::format("workload.{}.op", i), clients.key("lookup.strategy"),
                  clients.key("values.style")},
                 fmt::format("a get can't use the lookup of {}, which is resolved at its start",
                             clients.options.lookup.strategy),
                 fmt::format("want another {}, or {} \"py-libp2p\"", clients.key("lookup.strategy"),
                             clients.key("values.style")));
  }
}

// Only where an operation gets. Which nodes a lookup asks, and how many of them hold a record,
// follows from the whole run.
void check_quorum(Rules& rules, const Scenario& scenario, const Clients& clients) {
  const ValueOptions& values = clients.options.values;
  const unsigned asked = clients.options.replication;
  if (values.style != ValueStyle::kPyLibp2p || values.quorum <= asked) return;
  const auto get = std::ranges::find_if(scenario.workload, [&](const WorkloadEntry& entry) {
    return entry.op == OperationKind::kGet && may_start(scenario, entry, clients);
  });
  if (get == scenario.workload.end()) return;
  rules.broken(
      {clients.key("values.quorum"), clients.key("values.style"), clients.key("replication"),
       "client.k", fmt::format("workload.{}.op", get - scenario.workload.begin())},
      fmt::format("it is never met: a get of py-libp2p asks no more than {} contacts, "
                  "which is {}",
                  clients.key("replication"), asked),
      fmt::format("want a whole number from 0 to {}, or a greater {}", asked,
                  clients.key("replication")));
}

// What one client limits may be asked by the lookup of another. The limits of clients whose own
// lookup is resolved at its start are checked with the object "client".
void check_limits(Rules& rules, const std::vector<Clients>& all, const Clients& clients) {
  if (!is_resolved_at_its_start(clients.options.lookup) || clients.options.resources.any()) return;
  const auto limited = std::ranges::find_if(
      all, [](const Clients& others) { return others.options.resources.any(); });
  if (limited == all.end()) return;
  rules.broken({clients.key("lookup.strategy"), limited->key("resources")},
               fmt::format("the lookup of {} is resolved at its start, the limits of {} can't "
                           "delay it",
                           clients.options.lookup.strategy, limited->path),
               "want no limits and no service time there, or another strategy");
}

}  // namespace

void check_clients(Rules& rules, const Scenario& scenario) {
  const std::vector<Clients> all = clients_of(scenario);
  for (const Clients& clients : all) {
    check_gets(rules, scenario, clients);
    check_quorum(rules, scenario, clients);
    check_limits(rules, all, clients);
  }
}

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/lookup/strategies.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

namespace kadsim {

struct Played {
  std::vector<Endings::Ending> endings;
  std::vector<InteractionOutcome> interactions;
};

// One lookup from each of some origins, all at once.
inline Played play(DhtNetwork& network, Scheduler& scheduler, const std::vector<Hash>& targets) {
  Endings endings;
  Interactions interactions;
  network.connection().add_observer(interactions);
  for (std::uint64_t i = 0; i < targets.size(); ++i) {
    const PeerRef origin =
        network.population().born(static_cast<std::uint32_t>(i % network.population().size()));
    network.client(origin).lookup_for_hash(targets[i], i, endings, i);
  }
  scheduler.run_all();
  network.connection().remove_observer(interactions);
  return {std::move(endings.ended), std::move(interactions.records)};
}

/// Generates the names of all strategies.
inline std::string every_strategy() {
  std::vector<std::string> names;
  for (const StrategyInfo& strategy : lookup_strategies()) names.emplace_back(strategy.name);
  return GENERATE_COPY(from_range(names));
}

/// Selects a strategy with what it has where a scenario says nothing.
inline void use_strategy(ClientOptions& client, const std::string& name) {
  const StrategyDefaults& defaults = find_lookup_strategy(name)->defaults;
  LookupOptions& lookup = client.lookup;
  lookup.strategy = name;
  lookup.contact_timeout = defaults.contact_timeout;
  lookup.alpha = defaults.alpha;
  lookup.beta = defaults.beta.value_or(lookup.k);
  lookup.steps_to_stop = defaults.steps_to_stop;
}

}  // namespace kadsim

#include "core/lookup/strategies.hpp"

#include "core/base/assert.hpp"
#include "core/lookup/py_dht.hpp"
#include "core/lookup/sliding_window.hpp"
#include "core/lookup/synchronous_rounds.hpp"

#include <algorithm>
#include <vector>

namespace kadsim {
namespace {

template <class Strategy>
std::unique_ptr<LookupStrategy> make() {
  return std::make_unique<Strategy>();
}

std::vector<StrategyInfo>& registry() {
  static std::vector<StrategyInfo> strategies = {
      {"py-dht", "As py-dht: its own lookup, defects included, resolved at its start instant.",
       make<PyDhtLookup>},
      {"sliding-window",
       "Alpha contacts being asked at any time, nearest first, until the beta nearest answered.",
       make<SlidingWindowLookup>},
      {"synchronous-rounds",
       "Rounds in lock step, stopped by an oracle that knows the closest nodes (RFM19.1).",
       make<SynchronousRoundsLookup>},
  };
  return strategies;
}

}  // namespace

std::span<const StrategyInfo> lookup_strategies() { return registry(); }

void register_lookup_strategy(const StrategyInfo& strategy) {
  std::vector<StrategyInfo>& strategies = registry();
  const auto at = std::ranges::lower_bound(strategies, strategy.name, {}, &StrategyInfo::name);
  KADSIM_ASSERT(!strategy.name.empty() && (at == strategies.end() || at->name != strategy.name),
                "a lookup strategy needs a name that no other one has");
  strategies.insert(at, strategy);
}

std::unique_ptr<LookupStrategy> make_lookup_strategy(std::string_view name) {
  for (const StrategyInfo& strategy : registry()) {
    if (strategy.name == name) return strategy.make();
  }
  return nullptr;
}

}  // namespace kadsim

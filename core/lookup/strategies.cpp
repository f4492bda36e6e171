#include "core/lookup/strategies.hpp"

#include "core/lookup/py_dht.hpp"
#include "core/lookup/sliding_window.hpp"
#include "core/lookup/synchronous_rounds.hpp"

#include <array>

namespace kadsim {
namespace {

template <class Strategy>
std::unique_ptr<LookupStrategy> make() {
  return std::make_unique<Strategy>();
}

constexpr std::array kStrategies = {
    StrategyInfo{"py-dht",
                 "As py-dht: its own lookup, defects included, resolved at its start instant.",
                 make<PyDhtLookup>},
    StrategyInfo{
        "sliding-window",
        "Alpha contacts being asked at any time, nearest first, until the beta nearest answered.",
        make<SlidingWindowLookup>},
    StrategyInfo{
        "synchronous-rounds",
        "Rounds in lock step, stopped by an oracle that knows the closest nodes (RFM19.1).",
        make<SynchronousRoundsLookup>},
};

}  // namespace

std::span<const StrategyInfo> lookup_strategies() { return kStrategies; }

std::unique_ptr<LookupStrategy> make_lookup_strategy(std::string_view name) {
  for (const StrategyInfo& strategy : kStrategies) {
    if (strategy.name == name) return strategy.make();
  }
  return nullptr;
}

}  // namespace kadsim

#pragma once

#include <string>

namespace kadsim {

/// Defaults of `client` that follow from its lookup strategy, told in words: "3 for py-dht, null
/// for the others". Registered strategies are among them.
struct StrategyDefaultTexts {
  std::string alpha;
  std::string beta;
  std::string steps_to_stop;
};

/// Valid until a strategy is registered.
const StrategyDefaultTexts& strategy_default_texts();

}  // namespace kadsim

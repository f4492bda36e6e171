#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "core/lookup/strategy.hpp"

namespace kadsim {

/// A lookup strategy by name. Texts have static lifetime.
struct StrategyInfo {
  std::string_view name;  ///< as scenarios give it: lower case, words joined by '-'
  std::string_view help;  ///< one sentence
  std::unique_ptr<LookupStrategy> (*make)();
};

/// All strategies, sorted by name. Valid until the next call of `register_lookup_strategy`.
std::span<const StrategyInfo> lookup_strategies();

/// Adds a strategy of one's own, which scenarios then accept by its name. To be called before any
/// scenario is read, by one thread. Pre: the name is new.
void register_lookup_strategy(const StrategyInfo& strategy);

/// Null if there is none of that name.
std::unique_ptr<LookupStrategy> make_lookup_strategy(std::string_view name);

}  // namespace kadsim

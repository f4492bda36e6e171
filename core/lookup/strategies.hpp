#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "core/lookup/strategy.hpp"

namespace kadsim {

/// A lookup strategy by name.
struct StrategyInfo {
  std::string_view name;
  std::string_view help;  ///< one sentence
  std::unique_ptr<LookupStrategy> (*make)();
};

/// All strategies, sorted by name.
std::span<const StrategyInfo> lookup_strategies();

/// Null if there is none of that name.
std::unique_ptr<LookupStrategy> make_lookup_strategy(std::string_view name);

}  // namespace kadsim

#include "sim/scenario/strategy_defaults.hpp"

#include "core/lookup/strategies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace kadsim {
namespace {

// "3 for py-dht, null for the others": the most common value comes last.
template <class ValueOf>
std::string by_strategy(ValueOf value_of) {
  std::map<std::string, std::vector<std::string_view>> owners;
  for (const StrategyInfo& strategy : lookup_strategies()) {
    owners[value_of(strategy.defaults)].push_back(strategy.name);
  }
  const auto most =
      std::ranges::max_element(owners, {}, [](const auto& entry) { return entry.second.size(); });
  std::string text;
  for (const auto& [value, names] : owners) {
    if (value == most->first) continue;
    text += fmt::format("{} for ", value);
    for (std::size_t i = 0; i < names.size(); ++i) {
      text += i == 0 ? "" : i + 1 == names.size() ? " and " : ", ";
      text += names[i];
    }
    text += ", ";
  }
  return text + most->first + " for the others";
}

}  // namespace

const StrategyDefaultTexts& strategy_default_texts() {
  static std::size_t strategies = 0;
  static StrategyDefaultTexts texts;
  if (strategies == lookup_strategies().size()) return texts;
  strategies = lookup_strategies().size();
  const auto text_of = [](const std::optional<unsigned>& value, const char* none) {
    return value.has_value() ? std::to_string(*value) : std::string(none);
  };
  texts.alpha = by_strategy([](const StrategyDefaults& of) { return std::to_string(of.alpha); });
  texts.beta =
      by_strategy([&](const StrategyDefaults& of) { return text_of(of.beta, "that of k"); });
  texts.steps_to_stop =
      by_strategy([&](const StrategyDefaults& of) { return text_of(of.steps_to_stop, "null"); });
  return texts;
}

}  // namespace kadsim

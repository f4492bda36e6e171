#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "core/lookup/strategy.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// The options of a strategy where a scenario gives none: those of the system that it reproduces.
struct StrategyDefaults {
  unsigned alpha = 3;
  std::optional<unsigned> beta = {};           ///< none: k
  std::optional<unsigned> steps_to_stop = {};  ///< none: rule off
  std::optional<Duration> contact_timeout = {};
};

/// Which parameters a strategy reads of those in LookupOptions that only some strategies have;
/// scenarios offer it no others. k, alpha, beta, results and steps_to_stop are offered to all.
struct StrategyReads {
  bool contact_timeout = false;
  bool max_rounds = false;
  bool oracle_rounds = false;  ///< concurrency, replication, stop
};

/// A lookup strategy by name. Texts have static lifetime.
struct StrategyInfo {
  std::string_view name;  ///< as scenarios give it: lower case, words joined by '-'
  std::string_view help;  ///< one sentence
  std::unique_ptr<LookupStrategy> (*make)();
  StrategyDefaults defaults = {};
  StrategyReads reads = {};
};

/// All strategies, sorted by name. Valid until the next call of `register_lookup_strategy`.
std::span<const StrategyInfo> lookup_strategies();

/// Adds a strategy, which scenarios then accept by its name. To be called by one thread, before any
/// scenario is read. Pre: the name is new.
void register_lookup_strategy(const StrategyInfo& strategy);

/// Both return null if no strategy has that name.
const StrategyInfo* find_lookup_strategy(std::string_view name);
std::unique_ptr<LookupStrategy> make_lookup_strategy(std::string_view name);

}  // namespace kadsim

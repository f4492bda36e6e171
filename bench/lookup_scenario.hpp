#pragma once

#include "sim/scenario/decode.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace kadsim {

/// What the lookup benchmarks play.
struct LookupCase {
  std::uint64_t nodes = 10'000;
  std::uint64_t in_flight = 1'000;
  std::string strategy = "sliding-window";
  std::string slow_errors = "0";  ///< rate
  std::uint64_t lookups = 20'000;
};

/// As a scenario file would say it: no dial, uniform delays.
inline std::string lookup_scenario_text(const LookupCase& c) {
  return fmt::format(R"({{
  "version": 1,
  "name": "lookup_rpcs",
  "network": {{
    "nodes": {},
    "link": {{
      "delay": {{ "model": "uniform", "min": "10ms", "max": "200ms" }},
      "slow_errors": {{ "rate": {} }},
      "dial": "never"
    }}
  }},
  "client": {{ "alpha": 3, "lookup": {{ "strategy": "{}" }} }},
  "workload": [ {{ "op": "lookup", "count": {}, "in_flight": {} }} ]
}}
)",
                     c.nodes, c.slow_errors, c.strategy, c.lookups, c.in_flight);
}

inline Scenario lookup_scenario(const LookupCase& c) {
  return decode_scenario(lookup_scenario_text(c), "lookup_rpcs.json");
}

}  // namespace kadsim

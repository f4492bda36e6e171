#pragma once

#include "sim/scenario/decode.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace kadsim {

/// What lookup_rpcs plays, as a scenario file would say it: no dial, uniform delays.
inline std::string lookup_scenario_text(std::uint64_t nodes, std::uint32_t in_flight,
                                        const std::string& strategy, std::uint64_t count) {
  return fmt::format(R"({{
  "version": 1,
  "name": "lookup_rpcs",
  "network": {{
    "nodes": {},
    "link": {{ "delay": {{ "model": "uniform", "min": "10ms", "max": "200ms" }}, "dial": "never" }}
  }},
  "client": {{ "alpha": 3, "lookup": {{ "strategy": "{}" }} }},
  "workload": [ {{ "op": "lookup", "count": {}, "in_flight": {} }} ]
}}
)",
                     nodes, strategy, count, in_flight);
}

inline Scenario lookup_scenario(std::uint64_t nodes, std::uint32_t in_flight,
                                const std::string& strategy, std::uint64_t count) {
  return decode_scenario(lookup_scenario_text(nodes, in_flight, strategy, count),
                         "lookup_rpcs.json");
}

}  // namespace kadsim

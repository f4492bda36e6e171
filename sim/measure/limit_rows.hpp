#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "core/limit/client_gates.hpp"
#include "core/limit/client_resources.hpp"

namespace kadsim {

/// How often one limit was entered, waited for and refused, over all clients: a row of limits.csv.
struct LimitRow {
  std::string_view limit;
  GateCounts counts;
  std::optional<DialledConnections::Counts> connections{};  ///< only in the row `connections`
};

/// A row for each limit that `resources` sets, in a fixed order.
[[nodiscard]] std::vector<LimitRow> limit_rows(const LimitCounts& counts,
                                               const ClientResources& resources);

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/limit/client_gates.hpp"

namespace kadsim {

/// How often one limit was entered, waited for and refused, over all clients: a row of limits.csv.
struct LimitRow {
  std::string_view limit;
  GateCounts counts;
  std::optional<ConnectionCounts> connections{};  ///< only in the row `connections`
};

/// A row for each limit that any of `clients` has, in a fixed order.
[[nodiscard]] std::vector<LimitRow> limit_rows(const LimitCounts& counts,
                                               std::span<const ClientOptions> clients);

}  // namespace kadsim

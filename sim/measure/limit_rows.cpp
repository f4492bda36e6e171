#include "sim/measure/limit_rows.hpp"

namespace kadsim {

std::vector<LimitRow> limit_rows(const LimitCounts& counts, const ClientResources& resources) {
  const bool managed = resources.manager.has_value();
  const bool both_ways = managed || resources.go_libp2p.has_value();
  std::vector<LimitRow> rows;
  if (both_ways || resources.streams.outbound) rows.push_back({"streams out", counts.outbound});
  if (both_ways || resources.streams.inbound) rows.push_back({"streams in", counts.inbound});
  if (resources.negotiations.has_value()) {
    rows.push_back({"negotiations out", counts.outbound_negotiations});
    rows.push_back({"negotiations in", counts.inbound_negotiations});
  }
  if (managed) rows.push_back({"connections", counts.connections.dials, counts.connections});
  return rows;
}

}  // namespace kadsim

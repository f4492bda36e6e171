#include "sim/measure/limit_rows.hpp"

#include <algorithm>

namespace kadsim {

std::vector<LimitRow> limit_rows(const LimitCounts& counts,
                                 std::span<const ClientOptions> clients) {
  const auto any = [&clients](auto has_limit) {
    return std::ranges::any_of(clients, has_limit, &ClientOptions::resources);
  };
  using Resources = ClientResources;
  const bool managed = any([](const Resources& r) { return r.manager.has_value(); });
  const bool both_ways = managed || any([](const Resources& r) { return r.go_libp2p.has_value(); });
  const bool out = any([](const Resources& r) { return r.streams.outbound.has_value(); });
  const bool in = any([](const Resources& r) { return r.streams.inbound.has_value(); });
  std::vector<LimitRow> rows;
  if (both_ways || out) rows.push_back({"streams out", counts.outbound});
  if (both_ways || in) rows.push_back({"streams in", counts.inbound});
  if (any([](const Resources& r) { return r.negotiations.has_value(); })) {
    rows.push_back({"negotiations out", counts.outbound_negotiations});
    rows.push_back({"negotiations in", counts.inbound_negotiations});
  }
  if (managed) rows.push_back({"connections", counts.connections.dials, counts.connections});
  return rows;
}

}  // namespace kadsim

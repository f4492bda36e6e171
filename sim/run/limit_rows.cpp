#include "sim/run/limit_rows.hpp"

#include "sim/measure/csv_writer.hpp"

#include <array>

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

void write_limits(FileWriter& file, const std::vector<LimitRow>& rows) {
  static constexpr std::array<std::string_view, 8> kColumns = {
      "limit", "entered", "waited", "refused", "revoked", "reused", "collected", "replaced"};
  CsvWriter csv(file, kColumns);
  for (const LimitRow& row : rows) {
    csv.text(row.limit)
        .integer(row.counts.entered)
        .integer(row.counts.waited)
        .integer(row.counts.refused)
        .integer(row.counts.revoked);
    if (row.connections.has_value()) {
      csv.integer(row.connections->reused)
          .integer(row.connections->collected)
          .integer(row.connections->replaced);
    } else {
      csv.empty().empty().empty();
    }
    csv.end_row();
  }
}

}  // namespace kadsim

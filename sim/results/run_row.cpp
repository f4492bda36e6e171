#include "sim/results/run_row.hpp"

#include "sim/measure/decimal.hpp"
#include "sim/results/csv_writer.hpp"

#include <algorithm>
#include <concepts>
#include <string_view>

namespace kadsim {
namespace {

constexpr unsigned kRatioDecimals = 6;
constexpr std::uint64_t kNsPerMs = 1'000'000;

template <std::integral T>
void add_integer(RunRow& row, std::string title, T value) {
  row.add(std::move(title), std::to_string(value));
}

void add_distribution(RunRow& row, const std::string& title, const Histogram& values,
                      std::uint64_t unit) {
  const auto quantile = [&](std::uint64_t numerator, std::uint64_t denominator) -> std::string {
    if (values.empty()) return "";
    const std::int64_t value = values.quantile(numerator, denominator);
    return unit == 1 ? std::to_string(value) : format_ms(value).str();
  };
  row.add(title + "_mean", values.empty() ? "" : values.mean(kRatioDecimals, unit).str());
  row.add(title + "_p50", quantile(50, 100));
  row.add(title + "_p90", quantile(90, 100));
  row.add(title + "_p99", quantile(99, 100));
  row.add(title + "_max", quantile(1, 1));
}

void add_kind(RunRow& row, const std::string& origins, OperationKind kind,
              const OperationStatistics& of_kind) {
  const std::string prefix = origins + std::string(name_of(kind)) + "_";
  add_integer(row, prefix + "operations", of_kind.operations);
  for (std::size_t i = 0; i < kOperationStatuses; ++i) {
    const auto status = static_cast<OperationStatus>(i);
    if (!can_end(kind, status)) continue;
    add_integer(row, prefix + std::string(name_of(status)), of_kind.by_status[i]);
  }
  add_distribution(row, prefix + "hops", of_kind.hops, 1);
  add_distribution(row, prefix + "attempts", of_kind.attempts, 1);
  add_distribution(row, prefix + "latency_ms", of_kind.latency_ns, kNsPerMs);
  add_integer(row, prefix + "succeeded", of_kind.succeeded);
  add_integer(row, prefix + "attempts_failed", of_kind.failed);
  add_integer(row, prefix + "rpcs", of_kind.rpcs);
  add_integer(row, prefix + "stores", of_kind.stores);
  add_integer(row, prefix + "stores_failed", of_kind.stores_failed);
  const auto recall = [&](std::uint64_t part) {
    return of_kind.closest == 0 ? "" : format_ratio(part, of_kind.closest, kRatioDecimals).str();
  };
  row.add(prefix + "recall_heard", recall(of_kind.heard));
  row.add(prefix + "recall_answered", recall(of_kind.answered));
  if (kind != OperationKind::kGet) return;
  add_integer(row, prefix + "values", of_kind.values_seen);
  add_integer(row, prefix + "stale", of_kind.stale);
  add_integer(row, prefix + "repaired", of_kind.repaired);
  add_integer(row, prefix + "corrected", of_kind.corrected);
  add_integer(row, prefix + "quorum_met", of_kind.quorums_met);
}

// Of each kind of the workload, by the group of the origin.
void add_groups(RunRow& row, const Scenario& scenario, const RunResult& result) {
  const std::vector<GroupOptions>& groups = result.groups.groups();
  if (groups.empty()) return;
  for (std::size_t i = 0; i <= groups.size(); ++i) {
    const std::string origins = i < groups.size() ? "from_" + groups[i].name + "_" : "ungrouped_";
    for (const OperationKind kind : kOperationKinds) {
      if (std::ranges::find(scenario.workload, kind, &WorkloadEntry::op) ==
          scenario.workload.end()) {
        continue;
      }
      add_kind(row, origins, kind, result.of_kind_and_group(kind, i, scenario.workload));
    }
  }
}

}  // namespace

RunRow row_of_run(const Scenario& scenario, const RunResult& result) {
  RunRow row;
  row.add("scenario", scenario.name);
  add_integer(row, "seed", scenario.seed);
  add_integer(row, "replica", scenario.replica);
  add_integer(row, "network_id", result.network.network_id);
  add_integer(row, "nodes", result.network.total_nodes);
  add_integer(row, "reachable_nodes", result.network.reachable_nodes);
  row.add("contacts_per_node",
          format_ratio(result.network.contacts, result.network.total_nodes, 3).str());
  row.add("strategy", scenario.client.lookup.strategy);
  add_integer(row, "k", scenario.client.lookup.k);
  add_integer(row, "alpha", scenario.client.lookup.alpha);
  add_integer(row, "beta", scenario.client.lookup.beta);
  row.add("world", result.world.hex());
  row.add("workload", result.workload.hex());
  add_integer(row, "end_ns", result.end.ns());
  add_integer(row, "interactions", result.network.attempts);
  add_integer(row, "interactions_successful", result.network.successful);
  add_integer(row, "interactions_failed", result.network.failures);
  for (const OperationKind kind : kOperationKinds) {
    add_kind(row, "", kind, result.of_kind(kind, scenario.workload));
  }
  row.add("fingerprint", result.fingerprint.total().hex());
  add_groups(row, scenario, result);
  return row;
}

void write_run_rows(FileWriter& file, const std::vector<std::string>& titles,
                    std::span<const std::vector<std::string>> rows) {
  const std::vector<std::string_view> views(titles.begin(), titles.end());
  CsvWriter csv(file, views);
  for (const std::vector<std::string>& row : rows) {
    for (const std::string& cell : row) csv.text(cell);
    csv.end_row();
  }
}

}  // namespace kadsim

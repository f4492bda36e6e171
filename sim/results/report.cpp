#include "sim/results/report.hpp"

#include "sim/measure/decimal.hpp"
#include "sim/results/text_table.hpp"

#include <fmt/format.h>

namespace kadsim {
namespace {

std::string milliseconds(const Histogram& ns, std::uint64_t numerator) {
  if (ns.empty()) return "-";
  return format_ratio(static_cast<Wide>(ns.quantile(numerator, 100)), 1'000'000, 1).str();
}

std::string mean(const Histogram& values) { return values.empty() ? "-" : values.mean(2).str(); }

std::string recall(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : format_ratio(part, whole, 3).str();
}

std::string statuses(const OperationStatistics& of) {
  std::string text;
  for (std::size_t i = 0; i < kOperationStatuses; ++i) {
    if (of.by_status[i] == 0) continue;
    if (!text.empty()) text += ", ";
    text += format_grouped(of.by_status[i]) + " " +
            std::string(name_of(static_cast<OperationStatus>(i)));
  }
  return text.empty() ? "none measured" : text;
}

// The setting that says how many contacts a lookup asks at a time.
std::string width_of(const ClientOptions& client) {
  return client.lookup.strategy == "synchronous-rounds"
             ? fmt::format("concurrency {}", client.lookup.concurrency)
             : fmt::format("alpha {}", client.lookup.alpha);
}

void add_row(TextTable& table, const std::string& title, const OperationStatistics& of) {
  table.row({title, mean(of.hops), mean(of.attempts), milliseconds(of.latency_ns, 50),
             milliseconds(of.latency_ns, 90), milliseconds(of.latency_ns, 99),
             recall(of.heard, of.closest), recall(of.answered, of.closest), format_grouped(of.rpcs),
             statuses(of)});
}

}  // namespace

std::string format_report(const Scenario& scenario, const RunResult& result,
                          const RunTiming& timing) {
  const NetworkSummary& network = result.network;
  std::string text = fmt::format("{}\n", scenario.name.empty() ? "kadsim run" : scenario.name);
  text += fmt::format("  {} nodes, {} reachable, {} contacts a node; {}, k {}, {}; seed {}\n\n",
                      format_grouped(network.total_nodes), format_grouped(network.reachable_nodes),
                      format_ratio(network.contacts, network.total_nodes, 1).view(),
                      scenario.client.lookup.strategy, scenario.client.lookup.k,
                      width_of(scenario.client), scenario.seed);

  using Align = TextTable::Align;
  TextTable table({{"", Align::kLeft},
                   {"hops"},
                   {"attempts"},
                   {"p50 ms"},
                   {"p90 ms"},
                   {"p99 ms"},
                   {"heard"},
                   {"answered"},
                   {"RPCs"},
                   {"status", Align::kLeft}});
  for (std::size_t e = 0; e < scenario.workload.size(); ++e) {
    add_row(table, "  " + scenario.workload[e].name, result.by_entry[e]);
    if (!result.groups.any()) continue;
    for (const auto& [g, of] : result.by_entry_and_group[e]) {
      const auto& groups = result.groups.groups();
      add_row(table, "    " + (g < groups.size() ? "from " + groups[g].name : "from no group"), of);
    }
  }
  text += table.str();
  text +=
      "\n  hops and attempts are means; heard and answered are recall: shares of the closest "
      "nodes\n";
  for (std::size_t e = 0; e < scenario.workload.size(); ++e) {
    const OperationStatistics& of = result.by_entry[e];
    if (scenario.workload[e].op == OperationKind::kGet) {
      text += fmt::format("  {}: {} values seen, {} of them stale; {} repaired, {} corrected\n",
                          scenario.workload[e].name, format_grouped(of.values_seen),
                          format_grouped(of.stale), format_grouped(of.repaired),
                          format_grouped(of.corrected));
      continue;
    }
    if (of.stores + of.stores_failed == 0) continue;
    text += fmt::format("  {}: {} segments stored, {} stores failed\n", scenario.workload[e].name,
                        format_grouped(of.stores), format_grouped(of.stores_failed));
  }

  for (const LimitRow& row : result.limits) {
    text += fmt::format("  {}: {} entered, {} waited, {} refused", row.limit,
                        format_grouped(row.counts.entered), format_grouped(row.counts.waited),
                        format_grouped(row.counts.refused));
    if (row.counts.revoked > 0)
      text += fmt::format(", {} revoked", format_grouped(row.counts.revoked));
    if (row.connections.has_value()) {
      text += fmt::format(", {} used again", format_grouped(row.connections->reused));
    }
    text += "\n";
  }

  const double play = timing.play_seconds > 0 ? timing.play_seconds : 1e-9;
  text += fmt::format(
      "\n  {} of virtual time, {} events; built in {:.2f} s, played in {:.2f} s: {} events/s\n",
      fmt::format("{} s",
                  format_ratio(static_cast<Wide>(result.end.ns()), 1'000'000'000, 1).view()),
      format_grouped(result.events), timing.build_seconds, timing.play_seconds,
      format_grouped(static_cast<std::uint64_t>(static_cast<double>(result.events) / play)));
  text += fmt::format("  fingerprint {}\n", result.fingerprint.total().hex());
  return text;
}

}  // namespace kadsim

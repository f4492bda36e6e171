#include "sim/run/result_files.hpp"

#include "sim/measure/csv_writer.hpp"
#include "sim/measure/decimal.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>

namespace kadsim {
namespace {

constexpr std::string_view kScenarioJson = "scenario.json";
constexpr std::string_view kRunsCsv = "runs.csv";
constexpr std::string_view kOperationsCsv = "operations.csv";
constexpr std::string_view kFingerprintsCsv = "fingerprints.csv";
constexpr std::string_view kTimingJson = "timing.json";

constexpr unsigned kRatioDecimals = 6;
constexpr std::uint64_t kNsPerMs = 1'000'000;

void write_operations(FileWriter& file, const Scenario& scenario, const RunResult& result) {
  static constexpr std::array<std::string_view, 22> kColumns = {"operation",    "op",
                                                                "origin",       "target",
                                                                "start_ns",     "end_ns",
                                                                "status",       "hops",
                                                                "attempts",     "succeeded",
                                                                "failed",       "rpcs",
                                                                "stores",       "stores_failed",
                                                                "latency_ms",   "queued_ms",
                                                                "recall_heard", "recall_answered",
                                                                "entry",        "segment_bytes",
                                                                "measured",     "oracle_stop"};
  CsvWriter csv(file, kColumns);
  for (std::size_t e = 0; e < scenario.workload.size(); ++e) {
    const WorkloadEntry& entry = scenario.workload[e];
    for (std::uint64_t number = result.entry_begin[e]; number < result.entry_begin[e + 1];
         ++number) {
      const OperationRow& row = result.rows[number];
      csv.integer(number).text(name_of(row.kind)).integer(row.origin).hash(row.target);
      if (row.arrived) {
        csv.integer(row.start.ns()).integer(row.end.ns());
      } else {
        csv.empty().empty();
      }
      csv.text(name_of(row.status)).integer(row.hops).integer(row.attempts).integer(row.succeeded);
      csv.integer(row.failed).integer(row.rpcs).integer(row.stores).integer(row.stores_failed);
      // Nothing queues yet: every operation starts when it arrives.
      if (row.arrived) {
        csv.ms(row.latency().ns()).ms(0);
      } else {
        csv.empty().empty();
      }
      if (row.closest > 0) {
        csv.ratio(row.heard, row.closest, kRatioDecimals)
            .ratio(row.answered, row.closest, kRatioDecimals);
      } else {
        csv.empty().empty();
      }
      csv.text(entry.name);
      csv.integer(row.kind == OperationKind::kProvide ? entry.segment_bytes : 0U);
      csv.integer(is_measured(row, scenario.measure) ? 1 : 0)
          .integer(row.oracle_stop ? 1 : 0)
          .end_row();
    }
  }
}

// One column of runs.csv: its title and how its cell is written.
class RunRow {
 public:
  void text(std::string title, std::string value) {
    titles_.push_back(std::move(title));
    cells_.push_back(std::move(value));
  }
  template <std::integral T>
  void integer(std::string title, T value) {
    text(std::move(title), std::to_string(value));
  }
  void write(FileWriter& file) const {
    const std::vector<std::string_view> titles(titles_.begin(), titles_.end());
    CsvWriter csv(file, titles);
    for (const std::string& cell : cells_) csv.text(cell);
    csv.end_row();
  }

 private:
  std::vector<std::string> titles_;
  std::vector<std::string> cells_;
};

void add_distribution(RunRow& row, const std::string& title, const Histogram& values,
                      std::uint64_t unit) {
  const auto quantile = [&](std::uint64_t numerator, std::uint64_t denominator) -> std::string {
    if (values.empty()) return "";
    const std::int64_t value = values.quantile(numerator, denominator);
    return unit == 1 ? std::to_string(value) : format_ms(value).str();
  };
  row.text(title + "_mean", values.empty() ? "" : values.mean(kRatioDecimals, unit).str());
  row.text(title + "_p50", quantile(50, 100));
  row.text(title + "_p90", quantile(90, 100));
  row.text(title + "_p99", quantile(99, 100));
  row.text(title + "_max", quantile(1, 1));
}

void add_kind(RunRow& row, OperationKind kind, const OperationStatistics& of_kind) {
  const std::string prefix = std::string(name_of(kind)) + "_";
  row.integer(prefix + "operations", of_kind.operations);
  for (std::size_t i = 0; i < kOperationStatuses; ++i) {
    row.integer(prefix + std::string(name_of(static_cast<OperationStatus>(i))),
                of_kind.by_status[i]);
  }
  add_distribution(row, prefix + "hops", of_kind.hops, 1);
  add_distribution(row, prefix + "attempts", of_kind.attempts, 1);
  add_distribution(row, prefix + "latency_ms", of_kind.latency_ns, kNsPerMs);
  row.integer(prefix + "succeeded", of_kind.succeeded);
  row.integer(prefix + "attempts_failed", of_kind.failed);
  row.integer(prefix + "rpcs", of_kind.rpcs);
  row.integer(prefix + "stores", of_kind.stores);
  row.integer(prefix + "stores_failed", of_kind.stores_failed);
  const auto recall = [&](std::uint64_t part) {
    return of_kind.closest == 0 ? "" : format_ratio(part, of_kind.closest, kRatioDecimals).str();
  };
  row.text(prefix + "recall_heard", recall(of_kind.heard));
  row.text(prefix + "recall_answered", recall(of_kind.answered));
}

void write_runs(FileWriter& file, const Scenario& scenario, const RunResult& result) {
  RunRow row;
  row.text("scenario", scenario.name);
  row.integer("seed", scenario.seed);
  row.integer("replica", scenario.replica);
  row.integer("network_id", result.network.network_id);
  row.integer("nodes", result.network.total_nodes);
  row.integer("reachable_nodes", result.network.reachable_nodes);
  row.text("contacts_per_node",
           format_ratio(result.network.contacts, result.network.total_nodes, 3).str());
  row.text("strategy", scenario.client.lookup.strategy);
  row.integer("k", scenario.client.k);
  row.integer("alpha", scenario.client.alpha);
  row.integer("beta", scenario.client.beta);
  row.integer("end_ns", result.end.ns());
  row.integer("interactions", result.network.attempts);
  row.integer("interactions_successful", result.network.successful);
  row.integer("interactions_failed", result.network.failures);
  for (const OperationKind kind :
       {OperationKind::kLookup, OperationKind::kProvide, OperationKind::kRetrieve}) {
    add_kind(row, kind, result.of_kind(kind, scenario.workload));
  }
  row.text("fingerprint", result.fingerprint.total().hex());
  row.write(file);
}

void write_fingerprints(FileWriter& file, const RunResult& result) {
  static constexpr std::array<std::string_view, 4> kColumns = {"from_ns", "until_ns", "records",
                                                               "fingerprint"};
  CsvWriter csv(file, kColumns);
  for (const FingerprintTimeline::Row& row : result.fingerprint.rows()) {
    csv.integer(row.from.ns())
        .integer(row.until.ns())
        .integer(row.records)
        .text(row.fingerprint.hex())
        .end_row();
  }
}

double rounded(double value) { return std::round(value * 1e6) / 1e6; }

void write_timing(FileWriter& file, const RunResult& result, const RunTiming& timing) {
  const double play = timing.play_seconds > 0 ? timing.play_seconds : 1e-9;
  const nlohmann::ordered_json json = {
      {"wall_seconds", rounded(timing.wall_seconds)},
      {"build_seconds", rounded(timing.build_seconds)},
      {"play_seconds", rounded(timing.play_seconds)},
      {"cpu_seconds", rounded(timing.cpu_seconds)},
      {"events", result.events},
      {"events_per_second", std::round(static_cast<double>(result.events) / play)},
      {"peak_memory_bytes", timing.peak_memory_bytes},
      {"table_storage", result.storage == TableStorage::kDerived ? "derived" : "precomputed"},
      {"table_bytes", result.table_bytes},
      {"threads", timing.threads},
      {"host", timing.host},
  };
  file.write(json.dump(2) + "\n");
}

void write_manifest(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                    const RunResult& result, const BuildInfo& build) {
  nlohmann::ordered_json files = nlohmann::ordered_json::object();
  for (const ResultFile& file : folder.finish_files()) {
    if (file.name == kTimingJson) continue;
    files[file.name] = {{"bytes", file.bytes}, {"sha256", file.sha256.hex()}};
  }
  const nlohmann::ordered_json json = {
      {"kadsim", build.version},
      {"scenario", {{"name", scenario.name}, {"sha256", Hash::of_name(scenario_text).hex()}}},
      {"seed", scenario.seed},
      {"replica", scenario.replica},
      {"fingerprint", result.fingerprint.total().hex()},
      {"records", result.fingerprint.records()},
      {"files", files},
      {"build", {{"commit", build.commit}, {"compiler", build.compiler}, {"flags", build.flags}}},
  };
  folder.begin(kManifestName).write(json.dump(2) + "\n");
}

}  // namespace

std::vector<std::string> result_file_names() {
  std::vector<std::string> names;
  for (const std::string_view name : {kScenarioJson, kRunsCsv, kOperationsCsv, kConnectionsCsv,
                                      kFingerprintsCsv, kTimingJson, kManifestName}) {
    names.emplace_back(name);
  }
  return names;
}

void write_results(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                   const RunResult& result, const RunTiming& timing, const BuildInfo& build) {
  folder.begin(kScenarioJson).write(scenario_text);
  write_runs(folder.begin(kRunsCsv), scenario, result);
  if (scenario.output.operations) write_operations(folder.begin(kOperationsCsv), scenario, result);
  write_fingerprints(folder.begin(kFingerprintsCsv), result);
  write_timing(folder.begin(kTimingJson), result, timing);
  write_manifest(folder, scenario, scenario_text, result, build);
  folder.commit();
}

}  // namespace kadsim

#include "sim/run/result_files.hpp"

#include "sim/measure/csv_writer.hpp"
#include "sim/measure/decimal.hpp"
#include "sim/run/result_json.hpp"
#include "sim/run/run_row.hpp"

#include <fmt/format.h>

#include <array>

namespace kadsim {
namespace {

constexpr unsigned kRatioDecimals = 6;

// The columns of put and get: empty for all others.
void write_value(CsvWriter& csv, const OperationRow& row, bool has_quorum) {
  const bool get = row.kind == OperationKind::kGet && row.arrived;
  const bool put = row.kind == OperationKind::kPut && row.arrived;
  const auto cell = [&csv](bool applies, std::uint32_t value) {
    applies ? csv.integer(value) : csv.empty();
  };
  cell(put || (get && row.value.seen > 0), row.value.version);
  cell(get, row.value.seen);
  cell(get, row.value.stale);
  cell(get, row.value.repaired);
  cell(get, row.value.corrected);
  cell(get && has_quorum, row.value.quorum_met ? 1 : 0);
}

void write_operations(FileWriter& file, const Scenario& scenario, const RunResult& result) {
  static constexpr std::array<std::string_view, 28> kColumns = {"operation",    "op",
                                                                "origin",       "target",
                                                                "start_ns",     "end_ns",
                                                                "status",       "hops",
                                                                "attempts",     "succeeded",
                                                                "failed",       "rpcs",
                                                                "stores",       "stores_failed",
                                                                "latency_ms",   "queued_ms",
                                                                "recall_heard", "recall_answered",
                                                                "entry",        "segment_bytes",
                                                                "measured",     "oracle_stop",
                                                                "version",      "values",
                                                                "stale",        "repaired",
                                                                "corrected",    "quorum_met"};
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
      if (row.arrived) {
        csv.ms(row.latency().ns()).ms(row.queued.ns());
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
      const bool stores = row.kind == OperationKind::kProvide || row.kind == OperationKind::kPut;
      csv.integer(stores ? entry.segment_bytes : 0U);
      csv.integer(is_measured(row, scenario.measure) ? 1 : 0).integer(row.oracle_stop ? 1 : 0);
      write_value(csv, row, scenario.client.values.quorum > 0);
      csv.end_row();
    }
  }
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

}  // namespace

std::vector<std::string> result_file_names() {
  std::vector<std::string> names;
  for (const std::string_view name : {kScenarioJson, kRunsCsv, kOperationsCsv, kConnectionsCsv,
                                      kLimitsCsv, kFingerprintsCsv, kTimingJson, kManifestName}) {
    names.emplace_back(name);
  }
  return names;
}

void write_results(ResultFolder& folder, const Scenario& scenario, std::string_view scenario_text,
                   const RunResult& result, const RunTiming& timing, const BuildInfo& build) {
  const RunRow row = row_of_run(scenario, result);
  folder.begin(kScenarioJson).write(scenario_text);
  write_run_rows(folder.begin(kRunsCsv), row.titles, {&row.cells, 1});
  if (scenario.output.operations) write_operations(folder.begin(kOperationsCsv), scenario, result);
  if (!result.limits.empty()) write_limits(folder.begin(kLimitsCsv), result.limits);
  write_fingerprints(folder.begin(kFingerprintsCsv), result);
  write_timing(folder.begin(kTimingJson), result, timing);
  write_manifest(folder, scenario, scenario_text, result, build);
  folder.commit();
}

}  // namespace kadsim

#include "sim/results/result_files.hpp"

#include "sim/results/csv_writer.hpp"
#include "sim/results/operations_csv.hpp"
#include "sim/results/result_json.hpp"
#include "sim/results/run_row.hpp"

#include <fmt/format.h>

#include <array>

namespace kadsim {
namespace {

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

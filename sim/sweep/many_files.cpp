#include "sim/sweep/many_files.hpp"

#include "sim/results/result_json.hpp"
#include "sim/results/run_row.hpp"
#include "sim/scenario/print.hpp"

#include <string>
#include <vector>

namespace kadsim {
namespace {

// The columns of a run. If there is an axis, they stand behind the name and values of its point.
void write_rows(FileWriter& file, const RunPlan& plan, const ManyRunsResult& result) {
  const std::vector<std::string> own = result.table.titles();
  const std::vector<std::vector<std::string>> cells = result.table.cells();
  if (plan.axes.empty()) return write_run_rows(file, own, cells);
  std::vector<std::string> titles{"point"};
  titles.insert(titles.end(), plan.keys.begin(), plan.keys.end());
  titles.insert(titles.end(), own.begin(), own.end());
  std::vector<std::vector<std::string>> rows;
  for (std::size_t run = 0; run < plan.runs(); ++run) {
    const Point& point = plan.point_of(run);
    std::vector<std::string>& row = rows.emplace_back();
    row.push_back(point.name);
    row.insert(row.end(), point.values.begin(), point.values.end());
    row.insert(row.end(), cells[run].begin(), cells[run].end());
  }
  write_run_rows(file, titles, rows);
}

ManyManifest manifest_of(const RunPlan& plan, const ManyRunsResult& result) {
  ManyManifest manifest{.scenario_name = plan.name,
                        .scenario_sha256 = Hash::of_name(plan.text),
                        .points = plan.points.size(),
                        .first_replica = plan.first_replica,
                        .replicas = plan.replicas,
                        .fingerprint = result.total(),
                        .records = result.records,
                        .runs = {}};
  for (std::size_t run = 0; run < plan.runs(); ++run) {
    const std::filesystem::path folder =
        std::filesystem::path(kRunsFolder) / folder_of_run(plan, run);
    manifest.runs.push_back(
        {.folder = folder.generic_string(),
         .scenario_sha256 = Hash::of_name(print_scenario(plan.scenario_of(run))),
         .fingerprint = result.fingerprints[run]});
  }
  return manifest;
}

}  // namespace

void write_many_results(ResultFolder& folder, const RunPlan& plan, const ManyRunsResult& result,
                        const RunTiming& timing, std::size_t side_by_side, const BuildInfo& build) {
  folder.begin(kScenarioJson).write(plan.text);
  write_rows(folder.begin(kRunsCsv), plan, result);
  write_many_timing(folder.begin(kTimingJson), {plan.runs(), side_by_side, result.events}, timing);
  write_many_manifest(folder, manifest_of(plan, result), build);
  folder.commit();
}

}  // namespace kadsim

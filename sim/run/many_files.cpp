#include "sim/run/many_files.hpp"

#include "sim/run/result_json.hpp"
#include "sim/run/run_row.hpp"

#include <string>
#include <vector>

namespace kadsim {
namespace {

// The columns of a run, and before them, if there is an axis, which point it is of.
void write_rows(FileWriter& file, const RunPlan& plan, const ManyRunsResult& result) {
  if (plan.axes.empty()) return write_run_rows(file, result.titles, result.rows);
  std::vector<std::string> titles{"point"};
  titles.insert(titles.end(), plan.keys.begin(), plan.keys.end());
  titles.insert(titles.end(), result.titles.begin(), result.titles.end());
  std::vector<std::vector<std::string>> rows;
  for (std::size_t run = 0; run < plan.runs(); ++run) {
    const Point& point = plan.point_of(run);
    std::vector<std::string>& row = rows.emplace_back();
    row.push_back(point.name);
    row.insert(row.end(), point.values.begin(), point.values.end());
    row.insert(row.end(), result.rows[run].begin(), result.rows[run].end());
  }
  write_run_rows(file, titles, rows);
}

}  // namespace

void write_many_results(ResultFolder& folder, const RunPlan& plan, const ManyRunsResult& result,
                        const RunTiming& timing, std::size_t side_by_side, const BuildInfo& build) {
  folder.begin(kScenarioJson).write(plan.text);
  write_rows(folder.begin(kRunsCsv), plan, result);
  write_many_timing(folder.begin(kTimingJson), result, timing, side_by_side);
  write_many_manifest(folder, plan, result, build);
  folder.commit();
}

}  // namespace kadsim

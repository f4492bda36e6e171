#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/results/file_writer.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// A row of runs.csv with its titles, which docs/output.md explains.
struct RunRow {
  std::vector<std::string> titles;
  std::vector<std::string> cells;  ///< one for each title

  void add(std::string title, std::string cell) {
    titles.push_back(std::move(title));
    cells.push_back(std::move(cell));
  }
};

/// The row of one run. Its titles up to that of the fingerprint are the same for every run; further
/// ones, of groups, follow from the groups of the network and the kinds in the workload.
RunRow row_of_run(const Scenario& scenario, const RunResult& result);

/// Writes runs.csv. Each row has a cell for each title.
void write_run_rows(FileWriter& file, const std::vector<std::string>& titles,
                    std::span<const std::vector<std::string>> rows);

}  // namespace kadsim

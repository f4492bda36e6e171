#include "sim/results/run_table.hpp"

#include "core/base/assert.hpp"

#include <map>
#include <utility>

namespace kadsim {

void RunTable::set(std::size_t run, RunRow row) {
  KADSIM_ASSERT(rows_.at(run).titles == nullptr, "a run has one row");
  rows_[run] = {&*titles_.insert(std::move(row.titles)).first, std::move(row.cells)};
}

std::vector<std::string> RunTable::titles() const {
  std::vector<std::string> all;
  std::set<std::string> known;
  const std::vector<std::string>* last = nullptr;
  for (const Row& row : rows_) {
    if (row.titles == nullptr || row.titles == std::exchange(last, row.titles)) continue;
    for (const std::string& title : *row.titles) {
      if (known.insert(title).second) all.push_back(title);
    }
  }
  return all;
}

std::vector<std::vector<std::string>> RunTable::cells() const {
  const std::vector<std::string> all = titles();
  std::map<std::string, std::size_t> columns;
  for (const std::string& title : all) columns.emplace(title, columns.size());
  std::vector<std::vector<std::string>> table;
  for (const Row& row : rows_) {
    std::vector<std::string>& cells = table.emplace_back(all.size());
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      cells[columns.at((*row.titles)[i])] = row.cells[i];
    }
  }
  return table;
}

}  // namespace kadsim

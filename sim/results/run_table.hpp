#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "sim/results/run_row.hpp"

namespace kadsim {

/// The rows of several runs under one another. Titles that rows have in common are kept once.
class RunTable {
 public:
  explicit RunTable(std::size_t runs) : rows_(runs) {}
  RunTable(RunTable&&) = default;
  RunTable& operator=(RunTable&&) = default;

  /// The row of run number `run`; once for each run, in any order.
  void set(std::size_t run, RunRow row);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  /// Every title of any row once, in the order in which the rows have them, those of the first run
  /// first. O(cells).
  [[nodiscard]] std::vector<std::string> titles() const;
  /// The cells of every run under these titles; empty where a row has no such title. O(cells).
  [[nodiscard]] std::vector<std::vector<std::string>> cells() const;

 private:
  struct Row {
    const std::vector<std::string>* titles = nullptr;  // one of `titles_`
    std::vector<std::string> cells;
  };
  std::set<std::vector<std::string>> titles_;
  std::vector<Row> rows_;  // by run
};

}  // namespace kadsim

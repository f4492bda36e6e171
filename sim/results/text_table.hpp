#pragma once

#include <string>
#include <vector>

namespace kadsim {

/// A small table for a terminal. Columns are as wide as their widest cell, with two spaces between
/// them; lines have no space at their end. Widths are counted in bytes, so cells should be ASCII.
class TextTable {
 public:
  enum class Align { kLeft, kRight };
  struct Column {
    std::string title;
    Align align = Align::kRight;
  };

  explicit TextTable(std::vector<Column> columns);

  /// Appends a row with a cell for each column.
  TextTable& row(std::vector<std::string> cells);

  /// The text of the table: the titles, if any column has one, then the rows.
  [[nodiscard]] std::string str() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace kadsim

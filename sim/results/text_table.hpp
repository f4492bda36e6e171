#pragma once

#include <string>
#include <vector>

namespace kadsim {

/// A small table for a terminal: columns as wide as their widest cell, two spaces between them, no
/// space at the end of a line, '\n' after each. Widths are counted in bytes: plain ASCII, please.
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

  /// The titles, if any column has one, and the rows.
  [[nodiscard]] std::string str() const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace kadsim

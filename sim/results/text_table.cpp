#include "sim/results/text_table.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/base/assert.hpp"

namespace kadsim {

TextTable::TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {
  std::vector<std::string> titles;
  for (const Column& column : columns_) titles.push_back(column.title);
  const bool any = std::ranges::any_of(titles, [](const auto& title) { return !title.empty(); });
  if (any) rows_.push_back(std::move(titles));
}

TextTable& TextTable::row(std::vector<std::string> cells) {
  KADSIM_ASSERT(cells.size() == columns_.size(), "a row of a table has a cell for each column");
  rows_.push_back(std::move(cells));
  return *this;
}

std::string TextTable::str() const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& cells : rows_) {
    for (std::size_t i = 0; i < cells.size(); ++i) widths[i] = std::max(widths[i], cells[i].size());
  }
  std::string text;
  for (const auto& cells : rows_) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (i > 0) line += "  ";
      const std::string padding(widths[i] - cells[i].size(), ' ');
      line += columns_[i].align == Align::kLeft ? cells[i] + padding : padding + cells[i];
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace kadsim

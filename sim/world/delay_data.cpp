#include "sim/world/delay_data.hpp"

#include "sim/input/data_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace kadsim {
namespace {

constexpr std::int64_t kLongestNs = 3'600'000'000'000;

// Cells of a file, each a view into it.
using Cells = std::vector<std::string_view>;

std::string quoted(std::string_view cell) { return fmt::format("\"{}\"", printable(cell)); }

// The whole of `cell` as a finite number; from_chars is correctly rounded, on every machine alike.
// None, and a problem, if it is none.
std::optional<double> number(DataText& data, std::string_view cell, const std::string& advice) {
  double value = 0;
  const char* end = cell.data() + cell.size();
  const auto [stop, error] = std::from_chars(cell.data(), end, value);
  if (error == std::errc() && stop == end && std::isfinite(value)) return value;
  data.wrong(cell,
             cell.empty() ? "this value is missing" : quoted(cell) + " is not a finite number",
             advice);
  return std::nullopt;
}

// `cell` times `unit` in whole ns, halves up; none, and a problem, if it is no delay.
std::optional<std::int64_t> delay_ns(DataText& data, std::string_view cell, Duration unit) {
  const auto unit_ns = static_cast<double>(unit.ns());
  const std::string advice = fmt::format("want a number from 0 to {}, which is an hour",
                                         static_cast<double>(kLongestNs) / unit_ns);
  const auto value = number(data, cell, advice);
  if (!value) return std::nullopt;
  const double ns = *value * unit_ns;
  if (*value < 0 || ns > static_cast<double>(kLongestNs)) {
    data.wrong(cell, fmt::format("{} is {}", quoted(cell), *value < 0 ? "negative" : "too large"),
               advice);
    return std::nullopt;
  }
  return static_cast<std::int64_t>(ns + 0.5);
}

void split_at_blanks(std::string_view line, Cells& cells) {
  for (std::string_view rest = trimmed(line); !rest.empty();) {
    const std::string_view cell = rest.substr(0, rest.find_first_of(" \t\r"));
    cells.push_back(cell);
    rest = trimmed(rest.substr(cell.size()));
  }
}

void split_at_commas(std::string_view line, Cells& cells) {
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    cells.push_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
}

// A line with a comma is split at commas only, so that a missing value is an empty cell, which is
// not a number, instead of going unnoticed.
void split(std::string_view line, Cells& cells) {
  cells.clear();
  line.find(',') == std::string_view::npos ? split_at_blanks(line, cells)
                                           : split_at_commas(line, cells);
}

std::string count_of(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

// Where a row of `cells`, at least one, stops being one of `columns`: the first cell too many, or
// the end of its last.
std::string_view misfit(const Cells& cells, std::size_t columns) {
  return cells.size() > columns ? cells[columns] : cells.back().substr(cells.back().size());
}

void check_square(DataText& data, std::size_t rows, std::size_t columns,
                  std::string_view first_beyond) {
  if (rows == 0) return data.wrong(data.end(), "no numbers", "want a square matrix of delays");
  if (rows == columns) return;
  data.wrong(rows > columns ? first_beyond : data.end(),
             fmt::format("{} of {}", count_of(rows, "row"), count_of(columns, "number")),
             "want a square matrix, as many rows as numbers in each");
}

// Which cell of a row is the probability and which the delay.
struct Columns {
  std::size_t probability = 0;
  std::size_t delay = 1;
};

std::optional<Columns> read_header(DataText& data) {
  const auto line = data.next_line();
  Cells cells;
  if (line) split_at_commas(*line, cells);
  if (cells == Cells{"probability", "delay_ms"}) return Columns{0, 1};
  if (cells == Cells{"delay_ms", "probability"}) return Columns{1, 0};
  if (line) {
    data.wrong(cells.front(), "this is not the header", "want probability,delay_ms");
  } else {
    data.wrong(data.end(), "no header", "want probability,delay_ms");
  }
  return std::nullopt;
}

// In units of 2^-62; exact, but for what lies below.
std::optional<std::uint64_t> probability_of(DataText& data, std::string_view cell) {
  const std::string advice = "want a probability, a number from 0 to 1";
  const auto value = number(data, cell, advice);
  if (!value) return std::nullopt;
  if (*value < 0 || *value > 1) {
    data.wrong(cell, quoted(cell) + " is out of range", advice);
    return std::nullopt;
  }
  return static_cast<std::uint64_t>(*value * static_cast<double>(QuantilePoint::kOne));
}

// One row as far as it could be read, and where.
struct QuantileRow {
  std::string_view probability_cell;
  std::string_view delay_cell;
  std::optional<std::uint64_t> probability;
  std::optional<std::int64_t> delay;
};

void check_order(DataText& data, const QuantileRow* last, const QuantileRow& next) {
  if (next.probability && last == nullptr && *next.probability != 0) {
    data.wrong(next.probability_cell, "the first probability is not 0", "want 0");
  }
  if (last == nullptr) return;
  if (next.probability && last->probability && *next.probability <= *last->probability) {
    data.wrong(next.probability_cell, "the probability does not increase",
               "want more than " + std::string(last->probability_cell));
  }
  if (next.delay && last->delay && *next.delay < *last->delay) {
    data.wrong(next.delay_cell, "the delay decreases",
               "want at least " + std::string(last->delay_cell));
  }
}

void check_end(DataText& data, const QuantileRow* last) {
  if (last == nullptr) {
    data.wrong(data.end(), "no quantiles", "want rows of a probability, from 0 to 1, and a delay");
  } else if (last->probability && *last->probability != QuantilePoint::kOne) {
    data.wrong(last->probability_cell, "the last probability is not 1", "want 1");
  }
}

}  // namespace

LatencyMatrix read_latency_matrix(const std::string& path, Duration unit) {
  DataText data(path);
  std::vector<std::int64_t> values;
  Cells cells;
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::string_view first_beyond;
  while (const auto line = data.next_line()) {
    split(*line, cells);
    if (rows == 0) columns = cells.size();
    if (cells.size() != columns) {
      data.wrong(misfit(cells, columns), count_of(cells.size(), "number"),
                 fmt::format("want {}, as in the first row", columns));
    }
    if (rows == columns) first_beyond = cells.front();
    ++rows;
    for (const std::string_view cell : cells) {
      if (const auto ns = delay_ns(data, cell, unit)) values.push_back(*ns);
    }
  }
  check_square(data, rows, columns, first_beyond);
  data.throw_if_wrong();
  return {columns, std::move(values)};
}

std::vector<QuantilePoint> read_quantiles(const std::string& path) {
  DataText data(path);
  const auto columns = read_header(data);
  data.throw_if_wrong();
  std::vector<QuantilePoint> points;
  std::optional<QuantileRow> last;
  Cells cells;
  while (const auto line = data.next_line()) {
    cells.clear();
    split_at_commas(*line, cells);
    if (cells.size() != 2) {
      data.wrong(misfit(cells, 2), count_of(cells.size(), "value"),
                 "want a probability and a delay, separated by a comma");
      last = QuantileRow{};
      continue;
    }
    QuantileRow row{cells[columns->probability], cells[columns->delay], {}, {}};
    row.probability = probability_of(data, row.probability_cell);
    row.delay = delay_ns(data, row.delay_cell, Duration::milliseconds(1));
    check_order(data, last ? &*last : nullptr, row);
    if (row.probability && row.delay) points.push_back({*row.probability, *row.delay});
    last = row;
  }
  check_end(data, last ? &*last : nullptr);
  data.throw_if_wrong();
  return points;
}

}  // namespace kadsim

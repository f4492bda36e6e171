#include "sim/world/delay_data.hpp"

#include "core/base/input_error.hpp"

#include <fmt/format.h>

#include <limits>  // csv.h needs it and does not include it

#include <csv.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string_view>

namespace kadsim {
namespace {

constexpr std::int64_t kLongestNs = 3'600'000'000'000;
constexpr std::string_view kBlanks = " \t\r";

// Where something stands in a file, from 1; column 0 is the line as a whole, line 0 the file.
struct Place {
  const std::string& path;
  std::size_t line = 0;
  std::size_t column = 0;
};

template <typename... Args>
[[noreturn]] void refuse(const Place& place, fmt::format_string<Args...> what, Args&&... args) {
  std::string text = place.path;
  if (place.line > 0) text += fmt::format(":{}", place.line);
  if (place.column > 0) text += fmt::format(":{}", place.column);
  throw InputError(text + ": " + fmt::format(what, std::forward<Args>(args)...));
}

[[noreturn]] void refuse_to_read(const std::string& path) {
  throw UnreadableError(fmt::format("{}: {} (want a readable file)", path, std::strerror(errno)));
}

std::ifstream open_to_read(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw UnreadableError(fmt::format("{}: is a folder (want a readable file)", path));
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) refuse_to_read(path);
  return file;
}

// The whole of `text` as a number; from_chars is correctly rounded, on every machine alike.
std::optional<double> number(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

std::string_view shown(std::string_view text) { return text.substr(0, 40); }

// `text` times `unit` in whole ns, halves up.
std::int64_t delay_ns(std::string_view text, Duration unit, const Place& place) {
  const auto value = number(text);
  if (!value.has_value() || !std::isfinite(*value)) {
    refuse(place, "'{}' is not a finite number (want a delay >= 0)", shown(text));
  }
  if (*value < 0) refuse(place, "{} (want a delay >= 0)", shown(text));
  const double ns = *value * static_cast<double>(unit.ns());
  if (ns > static_cast<double>(kLongestNs)) {
    refuse(place, "{} (want a delay of at most an hour)", shown(text));
  }
  return static_cast<std::int64_t>(ns + 0.5);
}

struct Field {
  std::string_view text;
  std::size_t column = 0;  // from 1
};

void split_at_blanks(std::string_view line, std::vector<Field>& fields) {
  for (std::size_t begin = line.find_first_not_of(kBlanks); begin != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(kBlanks, begin), line.size());
    fields.push_back({line.substr(begin, end - begin), begin + 1});
    begin = line.find_first_not_of(kBlanks, end);
  }
}

void split_at_commas(std::string_view line, std::vector<Field>& fields) {
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    const std::size_t first = std::min(line.find_first_not_of(kBlanks, begin), end);
    const std::string_view text = line.substr(first, end - first);
    fields.push_back({text.substr(0, text.find_last_not_of(kBlanks) + 1), first + 1});
    begin = end + 1;
  }
}

// A line with a comma is split at commas only, so that a missing value is an empty field, which is
// not a number, instead of going unnoticed.
void split(std::string_view line, std::vector<Field>& fields) {
  fields.clear();
  line.find(',') == std::string_view::npos ? split_at_blanks(line, fields)
                                           : split_at_commas(line, fields);
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(kBlanks) == std::string_view::npos;
}

// All of a file, for the CSV parser. That looks a byte behind the last line if it has no end, and
// takes a NUL for the end of a field; so it is given neither.
std::string read_for_csv(const std::string& path) {
  std::ifstream file = open_to_read(path);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (file.bad()) refuse_to_read(path);
  if (const std::size_t nul = text.find('\0'); nul != std::string::npos) {
    const auto lines_before = std::ranges::count(std::string_view(text).substr(0, nul), '\n');
    refuse({path, static_cast<std::size_t>(lines_before) + 1}, "a byte 0 (want a text file)");
  }
  if (!text.ends_with('\n')) text += '\n';
  return text;
}

QuantilePoint quantile_point(std::string_view probability_text, std::string_view delay_text,
                             const Place& place) {
  const auto probability = number(probability_text);
  if (!probability.has_value() || !(*probability >= 0 && *probability <= 1)) {
    refuse(place, "'{}' is not a probability (want a number from 0 to 1)", shown(probability_text));
  }
  // Exact, but for what lies below 2^-62.
  const double scaled = *probability * static_cast<double>(QuantilePoint::kOne);
  return {static_cast<std::uint64_t>(scaled),
          delay_ns(delay_text, Duration::milliseconds(1), place)};
}

void check_order(const QuantilePoint* last, const QuantilePoint& next, const Place& place) {
  if (last == nullptr) {
    if (next.probability != 0) refuse(place, "the first probability is not 0 (want 0)");
    return;
  }
  if (next.probability <= last->probability) {
    refuse(place, "the probability does not increase (want each greater than the one before)");
  }
  if (next.value < last->value) {
    refuse(place, "the delay decreases (want quantiles, each at least the one before)");
  }
}

}  // namespace

LatencyMatrix read_latency_matrix(const std::string& path, Duration unit) {
  std::ifstream file = open_to_read(path);
  std::vector<std::int64_t> values;
  std::vector<Field> fields;
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::string line;
  for (std::size_t line_number = 1; std::getline(file, line); ++line_number) {
    if (is_blank(line)) continue;
    split(line, fields);
    if (rows == 0) columns = fields.size();
    if (fields.size() != columns) {
      refuse({path, line_number}, "{} numbers (want {}, as in the first row)", fields.size(),
             columns);
    }
    if (rows == columns) {
      refuse({path, line_number}, "a row too many (want a square matrix, {} rows of {} numbers)",
             columns, columns);
    }
    ++rows;
    for (const Field& field : fields) {
      values.push_back(delay_ns(field.text, unit, {path, line_number, field.column}));
    }
  }
  if (file.bad()) refuse_to_read(path);
  if (rows == 0) refuse({path}, "no numbers (want a square matrix of delays)");
  if (rows < columns) {
    refuse({path}, "{} rows of {} numbers (want a square matrix)", rows, columns);
  }
  return {columns, std::move(values)};
}

std::vector<QuantilePoint> read_quantiles(const std::string& path) {
  const std::string text = read_for_csv(path);
  io::CSVReader<2, io::trim_chars<' ', '\t'>, io::no_quote_escape<','>, io::throw_on_overflow,
                io::empty_line_comment>
      csv(path, text.data(), text.data() + text.size());
  try {
    csv.read_header(io::ignore_no_column, "probability", "delay_ms");
  } catch (const io::error::base&) {
    refuse({path, csv.get_file_line()}, "not the header (want probability,delay_ms)");
  }
  std::vector<QuantilePoint> points;
  const auto read_row = [&](char*& probability, char*& delay) {
    try {
      return csv.read_row(probability, delay);
    } catch (const io::error::base&) {
      refuse({path, csv.get_file_line()}, "not two columns (want a probability and a delay)");
    }
  };
  char* probability = nullptr;
  char* delay = nullptr;
  while (read_row(probability, delay)) {
    const Place place{path, csv.get_file_line()};
    const QuantilePoint point = quantile_point(probability, delay, place);
    check_order(points.empty() ? nullptr : &points.back(), point, place);
    points.push_back(point);
  }
  if (points.empty() || points.back().probability != QuantilePoint::kOne) {
    refuse({path}, "probabilities end before 1 (want quantiles from 0 to 1)");
  }
  return points;
}

}  // namespace kadsim

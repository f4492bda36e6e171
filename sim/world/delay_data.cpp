#include "sim/world/delay_data.hpp"

#include "core/base/input_error.hpp"

#include <fmt/format.h>

#include <limits>  // csv.h needs it and does not include it

#include <csv.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>

namespace kadsim {
namespace {

constexpr std::int64_t kLongestNs = 3'600'000'000'000;

std::ifstream open_to_read(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw UnreadableError(fmt::format("{}: is a folder (want a file)", path));
  }
  std::ifstream file(path);
  if (!file) throw UnreadableError(fmt::format("{}: {}", path, std::strerror(errno)));
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

std::string shown(std::string_view text) { return std::string(text.substr(0, 40)); }

// `text` times `unit` in whole ns; `where` starts the error message.
std::int64_t delay_ns(std::string_view text, Duration unit, const std::string& where) {
  const auto value = number(text);
  if (!value.has_value() || !std::isfinite(*value)) {
    throw InputError(
        fmt::format("{}: '{}' is not a finite number (want a delay >= 0)", where, shown(text)));
  }
  if (*value < 0 || std::signbit(*value)) {
    throw InputError(fmt::format("{}: {} (want a delay >= 0)", where, shown(text)));
  }
  const double ns = *value * static_cast<double>(unit.ns());
  if (ns > static_cast<double>(kLongestNs)) {
    throw InputError(fmt::format("{}: {} (want a delay of at most an hour)", where, shown(text)));
  }
  return static_cast<std::int64_t>(ns + 0.5);
}

struct Token {
  std::string_view text;
  std::size_t column = 0;  // from 1
};

std::vector<Token> split(std::string_view line) {
  constexpr std::string_view kSeparators = " \t\r,";
  std::vector<Token> tokens;
  for (std::size_t at = line.find_first_not_of(kSeparators); at != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(kSeparators, at), line.size());
    tokens.push_back({line.substr(at, end - at), at + 1});
    at = line.find_first_not_of(kSeparators, end);
  }
  return tokens;
}

}  // namespace

LatencyMatrix read_latency_matrix(const std::string& path, Duration unit) {
  std::ifstream file = open_to_read(path);
  std::vector<std::int64_t> values;
  std::size_t columns = 0;
  std::size_t rows = 0;
  std::string line;
  for (std::size_t line_number = 1; std::getline(file, line); ++line_number) {
    const std::vector<Token> tokens = split(line);
    if (tokens.empty()) continue;
    if (rows == 0) columns = tokens.size();
    if (tokens.size() != columns) {
      throw InputError(fmt::format("{}:{}: {} numbers (want {}, as in the first row)", path,
                                   line_number, tokens.size(), columns));
    }
    if (++rows > columns) break;
    for (const Token& token : tokens) {
      values.push_back(
          delay_ns(token.text, unit, fmt::format("{}:{}:{}", path, line_number, token.column)));
    }
  }
  if (file.bad()) throw UnreadableError(fmt::format("{}: {}", path, std::strerror(errno)));
  if (rows == 0)
    throw InputError(fmt::format("{}: no numbers (want a square matrix of delays)", path));
  if (rows != columns) {
    throw InputError(fmt::format(
        "{}: {} rows of {} numbers (want a square matrix)", path,
        rows > columns ? "more than " + std::to_string(columns) : std::to_string(rows), columns));
  }
  return {columns, std::move(values)};
}

std::vector<QuantilePoint> read_quantiles(const std::string& path) {
  open_to_read(path);
  std::vector<QuantilePoint> points;
  const auto complain = [&](unsigned line, const std::string& what) {
    throw InputError(fmt::format("{}:{}: {}", path, line, what));
  };
  try {
    io::CSVReader<2, io::trim_chars<' ', '\t'>, io::no_quote_escape<','>> csv(path);
    csv.read_header(io::ignore_no_column, "probability", "delay_ms");
    char* probability_text = nullptr;
    char* delay_text = nullptr;
    while (csv.read_row(probability_text, delay_text)) {
      const unsigned line = csv.get_file_line();
      const auto probability = number(probability_text);
      if (!probability.has_value() || !(*probability >= 0 && *probability <= 1)) {
        complain(line, fmt::format("'{}' is not a probability (want a number from 0 to 1)",
                                   shown(probability_text)));
      }
      const QuantilePoint point{
          static_cast<std::uint64_t>(*probability * static_cast<double>(QuantilePoint::kOne)),
          delay_ns(delay_text, Duration::milliseconds(1), fmt::format("{}:{}", path, line))};
      if (points.empty() && point.probability != 0)
        complain(line, "the first probability is not 0");
      if (!points.empty() && point.probability <= points.back().probability) {
        complain(line, fmt::format("probability {} does not increase", shown(probability_text)));
      }
      if (!points.empty() && point.value < points.back().value) {
        complain(line, fmt::format("delay {} decreases (want quantiles)", shown(delay_text)));
      }
      points.push_back(point);
    }
  } catch (const io::error::base& error) {
    throw InputError(
        fmt::format("{}: {} (want the columns probability,delay_ms)", path, error.what()));
  }
  if (points.size() < 2 || points.back().probability != QuantilePoint::kOne) {
    throw InputError(
        fmt::format("{}: probabilities end before 1 (want quantiles from 0 to 1)", path));
  }
  return points;
}

}  // namespace kadsim

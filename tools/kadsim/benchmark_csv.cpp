#include "tools/kadsim/benchmark_csv.hpp"

#include "core/base/input_error.hpp"
#include "sim/input/parse_number.hpp"
#include "sim/results/csv_writer.hpp"
#include "sim/results/part_file.hpp"

#include <fmt/format.h>

#include <limits>  // csv.h needs it and does not include it

#include <csv.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fstream>
#include <optional>
#include <string_view>

namespace kadsim::tools {
namespace {

// Machines drift by some per cent between two runs; less than this is never called a change.
constexpr double kMargin = 0.05;

constexpr std::array<std::string_view, 6> kColumns = {"round",          "start_time", "finish_time",
                                                      "task_prep_time", "duration_s", "failed"};

double number(const std::string& file, unsigned line, const char* column, std::string_view text) {
  const std::optional<double> value = parse_number<double>(text);
  if (!value || !std::isfinite(*value)) {
    throw InputError(
        fmt::format("{}:{}: {} '{}' is not a number", file, line, column, text.substr(0, 40)));
  }
  return *value;
}

// Ranks, from 0, of the order statistics that hold the median of n values with 95 % probability;
// false if n is too small.
bool median_ranks(std::size_t n, std::size_t& low, std::size_t& high) {
  if (n < 6) return false;
  const auto half = static_cast<double>(n) / 2;
  const double reach = 1.96 * std::sqrt(static_cast<double>(n)) / 2;
  low = static_cast<std::size_t>(std::max(0.0, std::floor(half - reach - 0.5)));
  high = std::min(n - 1, static_cast<std::size_t>(std::ceil(half + reach - 0.5)));
  return true;
}

std::vector<double> sorted_durations(const std::vector<Round>& rounds) {
  std::vector<double> durations;
  for (const Round& round : rounds) {
    if (!round.failed) durations.push_back(round.duration());
  }
  std::sort(durations.begin(), durations.end());
  return durations;
}

}  // namespace

std::string csv_name(const std::string& name, const Benchmark& benchmark) {
  std::string file = name + "_" + benchmark.name + ".csv";
  std::replace(file.begin(), file.end(), ' ', '_');
  return file;
}

void write_rounds(const std::filesystem::path& file, const std::vector<Round>& rounds) {
  PartFile part(file);
  CsvWriter csv(part.writer(), kColumns);
  for (std::size_t i = 0; i < rounds.size(); ++i) {
    const Round& round = rounds[i];
    csv.integer(i).real(round.start).real(round.finish).real(round.prep).real(round.duration());
    csv.integer(round.failed ? 1 : 0).end_row();
  }
  part.rename();
}

std::vector<Round> read_rounds(const std::filesystem::path& path) {
  const std::string file = path.string();
  if (!std::ifstream(file))
    throw UnreadableError(fmt::format("{}: {}", file, std::strerror(errno)));
  std::vector<Round> rounds;
  try {
    io::CSVReader<4, io::trim_chars<' ', '\t'>, io::no_quote_escape<','>> csv(file);
    csv.read_header(io::ignore_extra_column, "start_time", "task_prep_time", "duration_s",
                    "failed");
    char* start = nullptr;
    char* prep = nullptr;
    char* duration = nullptr;
    char* failed = nullptr;
    while (csv.read_row(start, prep, duration, failed)) {
      const unsigned line = csv.get_file_line();
      Round round;
      round.start = number(file, line, "start_time", start);
      round.prep = number(file, line, "task_prep_time", prep);
      round.finish = round.start + number(file, line, "duration_s", duration);
      const std::string_view flag = failed;
      if (flag != "0" && flag != "1" && flag != "True" && flag != "False") {
        throw InputError(
            fmt::format("{}:{}: failed '{}' (want 0 or 1)", file, line, flag.substr(0, 40)));
      }
      round.failed = flag == "1" || flag == "True";
      rounds.push_back(round);
    }
  } catch (const io::error::base& error) {
    throw InputError(fmt::format("{}: {}", file, error.what()));
  }
  return rounds;
}

Comparison compare(const std::vector<Round>& before, const std::vector<Round>& now) {
  const std::vector<double> old_times = sorted_durations(before);
  const std::vector<double> new_times = sorted_durations(now);
  std::size_t old_low = 0;
  std::size_t old_high = 0;
  std::size_t new_low = 0;
  std::size_t new_high = 0;
  Comparison result;
  if (!median_ranks(old_times.size(), old_low, old_high) ||
      !median_ranks(new_times.size(), new_low, new_high)) {
    result.verdict = "too few";
    return result;
  }
  const double tiny = 1e-9;
  result.ratio =
      std::max(figures_of(now).median_s, tiny) / std::max(figures_of(before).median_s, tiny);
  result.least = std::max(new_times[new_low], tiny) / std::max(old_times[old_high], tiny);
  result.most = std::max(new_times[new_high], tiny) / std::max(old_times[old_low], tiny);
  if (result.most < 1 - kMargin) result.verdict = "faster";
  if (result.least > 1 + kMargin) result.verdict = "slower";
  return result;
}

}  // namespace kadsim::tools

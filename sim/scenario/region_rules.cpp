#include "sim/scenario/region_rules.hpp"

#include "core/base/wide.hpp"
#include "sim/scenario/duration_text.hpp"

#include <fmt/format.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>

namespace kadsim {
namespace {

// one_way_ms[from][to], 6 x 6, symmetric, in the order of the names below.
constexpr std::array<std::array<std::int64_t, 6>, 6> kOneWayMs = {{
    {32, 124, 184, 198, 151, 189},
    {124, 11, 227, 237, 252, 294},
    {184, 227, 88, 325, 301, 322},
    {198, 237, 325, 85, 58, 198},
    {151, 252, 301, 58, 12, 126},
    {189, 294, 322, 198, 126, 16},
}};

// A path such as delays.2.0 within the object of the regions.
std::string delay_path(std::size_t row) { return fmt::format("delays.{}", row); }
std::string delay_path(std::size_t row, std::size_t column) {
  return fmt::format("delays.{}.{}", row, column);
}

void check_names(Rules& rules, const delay::Regions& regions) {
  if (regions.names.empty()) {
    rules.broken({"names", "shares", "delays"}, "there are none",
                 "want names, shares and delays, or none of the three");
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < regions.names.size(); ++i) {
    if (seen.insert(regions.names[i]).second) continue;
    rules.broken({fmt::format("names.{}", i)}, fmt::format("\"{}\" stands twice", regions.names[i]),
                 "want different names");
  }
}

void check_shares(Rules& rules, const delay::Regions& regions) {
  const std::size_t count = regions.names.size();
  if (regions.shares.size() != count) {
    rules.broken({"shares", "names"},
                 fmt::format("{} shares for {} regions", regions.shares.size(), count),
                 fmt::format("want a list of {}", count));
    return;
  }
  // Every share that can be written is a multiple of 10^-18.
  constexpr std::uint64_t kOne = 1'000'000'000'000'000'000;
  Wide sum = 0;
  for (const Probability& share : regions.shares) {
    sum += static_cast<Wide>(share.numerator()) * (kOne / share.denominator());
  }
  if (sum == kOne) return;
  const auto whole = static_cast<std::uint64_t>(sum / kOne);
  const auto part = static_cast<std::uint64_t>(sum % kOne);
  std::string text = fmt::format("{}.{:018}", whole, part);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  rules.broken({"shares"}, fmt::format("they sum to {}", text), "want a sum of exactly 1");
}

void check_delays(Rules& rules, const delay::Regions& regions) {
  const std::size_t count = regions.names.size();
  if (regions.delays.size() != count) {
    rules.broken({"delays", "names"},
                 fmt::format("{} rows of delays for {} regions", regions.delays.size(), count),
                 fmt::format("want a list of {} lists", count));
    return;
  }
  bool square = true;
  for (std::size_t row = 0; row < count; ++row) {
    if (regions.delays[row].size() == count) continue;
    square = false;
    rules.broken({delay_path(row), "names"},
                 fmt::format("{} delays for {} regions", regions.delays[row].size(), count),
                 fmt::format("want a list of {}", count));
  }
  for (std::size_t row = 0; square && row < count; ++row) {
    for (std::size_t column = 0; column < row; ++column) {
      const Duration there = regions.delays[row][column];
      const Duration back = regions.delays[column][row];
      if (there == back) continue;
      rules.broken({delay_path(row, column), delay_path(column, row)},
                   fmt::format("{} from {} to {}, but {} back", format_duration(there),
                               regions.names[row], regions.names[column], format_duration(back)),
                   "want the same round trip both ways");
    }
  }
}

}  // namespace

delay::Regions simblock_regions() {
  delay::Regions regions;
  regions.names = {"NORTH_AMERICA", "EUROPE", "SOUTH_AMERICA",
                   "ASIA_PACIFIC",  "JAPAN",  "AUSTRALIA"};
  for (const std::uint64_t share : {3316U, 4998U, 90U, 1177U, 224U, 195U}) {
    regions.shares.emplace_back(share, 10'000U);
  }
  for (const auto& row : kOneWayMs) {
    auto& delays = regions.delays.emplace_back();
    for (const std::int64_t one_way_ms : row) {
      delays.push_back(Duration::milliseconds(2 * one_way_ms));
    }
  }
  return regions;
}

void complete_and_check_regions(Rules& rules, delay::Regions& regions) {
  if (regions.names.empty() && regions.shares.empty() && regions.delays.empty()) {
    regions = simblock_regions();
  }
  check_names(rules, regions);
  if (regions.names.empty()) return;
  check_shares(rules, regions);
  check_delays(rules, regions);
}

}  // namespace kadsim

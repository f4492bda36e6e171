#include "sim/scenario/duration_text.hpp"

#include "sim/input/source_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace kadsim {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ns;
};

constexpr std::array kUnits = {
    Unit{"h", 3'600'000'000'000}, Unit{"m", 60'000'000'000}, Unit{"s", 1'000'000'000},
    Unit{"ms", 1'000'000},        Unit{"us", 1'000},         Unit{"ns", 1},
};

constexpr std::string_view kDigits = "0123456789";

// Digits, and perhaps a point between digits.
bool is_plain_decimal(std::string_view number) {
  const auto whole = std::min(number.find_first_not_of(kDigits), number.size());
  if (whole == number.size()) return whole > 0;
  const std::string_view decimals = number.substr(whole + 1);
  return whole > 0 && number[whole] == '.' && !decimals.empty() &&
         decimals.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace

Reading<Duration> read_duration(std::string_view text) {
  const auto fault = [](std::string why) { return Reading<Duration>::failed(std::move(why)); };
  if (text.starts_with('-')) return fault("is negative");
  const auto end = std::min(text.find_first_not_of("0123456789."), text.size());
  const std::string_view number = text.substr(0, end);
  std::string_view name = text.substr(end);
  if (!is_plain_decimal(number)) return fault("is not a duration");
  if (name.starts_with(' ')) name.remove_prefix(1);
  if (name.empty()) return fault("has no unit");
  const auto unit = std::ranges::find(kUnits, name, &Unit::name);
  if (unit == kUnits.end()) {
    return fault(fmt::format("has no unit that is known here (\"{}\")", printable(name, 20)));
  }
  const auto ns = read_scaled(number, unit->ns);
  if (ns.value) return Reading<Duration>::of(Duration::nanoseconds(*ns.value));
  return fault(ns.fault == "is too great" ? "is longer than 292 years"
                                          : "is not a whole number of nanoseconds");
}

std::string format_duration(Duration duration) {
  if (duration.ns() == 0) return "0s";
  const auto unit =
      std::ranges::find_if(kUnits, [&](const Unit& u) { return duration.ns() % u.ns == 0; });
  return fmt::format("{}{}", duration.ns() / unit->ns, unit->name);
}

}  // namespace kadsim

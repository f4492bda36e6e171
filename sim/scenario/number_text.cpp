#include "sim/scenario/number_text.hpp"

#include "core/base/wide.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <limits>
#include <numeric>
#include <utility>

namespace kadsim {
namespace {

constexpr std::int64_t kMaxDecimals = 18;  // 10^18 is the greatest power of ten below 2^63
constexpr std::string_view kNotWhole = "is not a whole number";
constexpr std::string_view kTooGreat = "is too great";
constexpr std::string_view kOutOfRange = "is out of range";

/// digits * 10^exponent, without leading or trailing zeros; 0 has no digits.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

// An exponent beyond a billion is taken for a billion: no number of ours is told apart by it.
std::int64_t read_exponent(std::string_view text) {
  constexpr std::int64_t kFar = 1'000'000'000;
  if (text.starts_with('+')) text.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
  if (error != std::errc()) exponent = text.starts_with('-') ? -kFar : kFar;
  return std::clamp(exponent, -kFar, kFar);
}

Decimal read_decimal(std::string_view number) {
  Decimal decimal;
  decimal.negative = number.starts_with('-');
  if (decimal.negative) number.remove_prefix(1);
  const std::string_view mantissa = number.substr(0, number.find_first_of("eE"));
  if (mantissa.size() < number.size()) {
    decimal.exponent = read_exponent(number.substr(mantissa.size() + 1));
  }
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  decimal.digits = mantissa.substr(0, point);
  if (point < mantissa.size()) {
    decimal.digits += mantissa.substr(point + 1);
    decimal.exponent -= static_cast<std::int64_t>(mantissa.size() - point - 1);
  }
  decimal.digits.erase(0, std::min(decimal.digits.find_first_not_of('0'), decimal.digits.size()));
  const auto significant = decimal.digits.find_last_not_of('0') + 1;  // npos + 1 is 0
  decimal.exponent += static_cast<std::int64_t>(decimal.digits.size() - significant);
  decimal.digits.resize(significant);
  return decimal;
}

// |decimal| * unit as a whole number of 64 bits; unit <= 3.6e12, the nanoseconds of an hour.
Reading<std::uint64_t> scale(const Decimal& decimal, std::uint64_t unit) {
  // Up to 25 digits the product fits 128 bits. With more, it is either beyond 64 bits or has
  // decimals that the unit's 2^13 * 3^2 * 5^11 can't make whole.
  constexpr std::size_t kDigits = 25;
  const auto fault = [](std::string_view text) {
    return Reading<std::uint64_t>::failed(std::string(text));
  };
  if (decimal.digits.size() > kDigits) {
    const auto whole_digits = static_cast<std::int64_t>(decimal.digits.size()) + decimal.exponent;
    return fault(whole_digits > 20 ? kTooGreat : kNotWhole);
  }
  Wide product = 0;
  for (const char digit : decimal.digits)
    product = product * 10 + static_cast<unsigned>(digit - '0');
  product *= unit;
  constexpr Wide kMax = std::numeric_limits<std::uint64_t>::max();
  for (std::int64_t e = decimal.exponent; e < 0 && product != 0; ++e) {
    if (product % 10 != 0) return fault(kNotWhole);
    product /= 10;
  }
  for (std::int64_t e = decimal.exponent; e > 0 && product != 0 && product <= kMax; --e) {
    product *= 10;
  }
  if (product > kMax) return fault(kTooGreat);
  return Reading<std::uint64_t>::of(static_cast<std::uint64_t>(product));
}

std::uint64_t power_of_ten(std::int64_t exponent) {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

}  // namespace

Reading<std::uint64_t> read_whole(std::string_view number, std::uint64_t min, std::uint64_t max) {
  const Decimal decimal = read_decimal(number);
  auto whole = scale(decimal, 1);
  const bool negative = decimal.negative && !decimal.digits.empty();
  if (!whole.value && whole.fault == kNotWhole) return whole;
  if (!whole.value || negative || *whole.value < min || *whole.value > max) {
    return Reading<std::uint64_t>::failed(std::string(kOutOfRange));
  }
  return whole;
}

Reading<double> read_real(std::string_view number) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc()) return Reading<double>::failed(std::string(kOutOfRange));
  return Reading<double>::of(value);
}

Reading<Probability> read_rate(std::string_view number) {
  const Decimal decimal = read_decimal(number);
  if (decimal.digits.empty()) return Reading<Probability>::of(Probability());
  const auto whole_digits = static_cast<std::int64_t>(decimal.digits.size()) + decimal.exponent;
  const bool one = decimal.digits == "1" && decimal.exponent == 0;
  if (decimal.negative || (whole_digits > 0 && !one)) {
    return Reading<Probability>::failed(std::string(kOutOfRange));
  }
  if (-decimal.exponent > kMaxDecimals) {
    return Reading<Probability>::failed(fmt::format("has more than {} decimals", kMaxDecimals));
  }
  const auto numerator = scale({false, decimal.digits, 0}, 1);
  return Reading<Probability>::of(Probability(*numerator.value, power_of_ten(-decimal.exponent)));
}

Reading<std::int64_t> read_scaled(std::string_view number, std::int64_t unit) {
  const auto product = scale(read_decimal(number), static_cast<std::uint64_t>(unit));
  if (!product.value) return Reading<std::int64_t>::failed(product.fault);
  if (*product.value > std::numeric_limits<std::int64_t>::max()) {
    return Reading<std::int64_t>::failed(std::string(kTooGreat));
  }
  return Reading<std::int64_t>::of(static_cast<std::int64_t>(*product.value));
}

std::string format_real(double value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return std::string(digits.data(), end);
}

std::string format_rate(Probability rate) {
  const std::uint64_t divisor = std::gcd(rate.numerator(), rate.denominator());
  Wide rest = rate.numerator() / divisor;
  const Wide denominator = rate.denominator() / divisor;
  if (rest == denominator) return "1";
  std::string text = "0";
  for (std::int64_t decimals = 0; rest != 0; ++decimals) {
    if (decimals == kMaxDecimals) {  // no decimal of this length is exact: the nearest below
      break;
    }
    rest *= 10;
    if (decimals == 0) text += '.';
    text += static_cast<char>('0' + static_cast<int>(rest / denominator));
    rest %= denominator;
  }
  return text;
}

}  // namespace kadsim

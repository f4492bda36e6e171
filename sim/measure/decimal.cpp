#include "sim/measure/decimal.hpp"

#include <charconv>
#include <cmath>
#include <system_error>

#include "core/base/assert.hpp"

namespace kadsim {
namespace {

// Digits of `value`, with zeros in front to make at least `width`, which is at most 39.
void append_digits(DecimalText& text, Wide value, unsigned width) {
  std::array<char, 39> digits{};
  std::size_t first = digits.size();
  while (value != 0 || digits.size() - first < width) {
    digits[--first] = static_cast<char>('0' + static_cast<int>(value % 10));
    value /= 10;
  }
  text.append(std::string_view(&digits[first], digits.size() - first));
}

std::uint64_t power_of_ten(unsigned exponent) {
  std::uint64_t power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  return power;
}

}  // namespace

void DecimalText::append(char character) { append(std::string_view(&character, 1)); }

void DecimalText::append(std::string_view text) {
  KADSIM_ASSERT(text.size() <= characters_.size() - size_, "a printed number is too long");
  text.copy(characters_.data() + size_, text.size());
  size_ += text.size();
}

DecimalText format_ms(std::int64_t ns) {
  // The magnitude is taken as unsigned: the smallest int64 has no positive twin.
  const auto bits = static_cast<std::uint64_t>(ns);
  const std::uint64_t magnitude = ns < 0 ? 0 - bits : bits;
  std::array<char, 24> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), magnitude / 1'000'000);
  DecimalText text;
  if (ns < 0) text.append('-');
  text.append(std::string_view(digits.data(), static_cast<std::size_t>(end.ptr - digits.data())));
  std::array<char, 7> decimals{'.'};
  std::uint64_t rest = magnitude % 1'000'000;
  for (std::size_t i = decimals.size() - 1; i > 0; --i) {
    decimals[i] = static_cast<char>('0' + static_cast<int>(rest % 10));
    rest /= 10;
  }
  text.append(std::string_view(decimals.data(), decimals.size()));
  return text;
}

DecimalText format_ratio(Wide numerator, Wide denominator, unsigned decimals) {
  KADSIM_ASSERT(denominator > 0 && (denominator >> 124) == 0, "the denominator is out of range");
  KADSIM_ASSERT(decimals <= 18, "a number has at most 18 decimals");
  Wide whole = numerator / denominator;
  Wide rest = numerator % denominator;
  std::uint64_t fraction = 0;  // below 10^18, so it fits
  for (unsigned i = 0; i < decimals; ++i) {
    rest *= 10;  // below 2^128, as the denominator is below 2^124
    fraction = fraction * 10 + static_cast<std::uint64_t>(rest / denominator);
    rest %= denominator;
  }
  if (rest >= denominator - rest && ++fraction == power_of_ten(decimals)) {
    fraction = 0;
    ++whole;
  }
  DecimalText text;
  append_digits(text, whole, 1);
  if (decimals > 0) {
    text.append('.');
    append_digits(text, fraction, decimals);
  }
  return text;
}

std::string format_hex(Wide bits) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(32, '0');
  for (std::size_t i = 0; i < text.size(); ++i) {
    text[i] = kDigits[static_cast<std::size_t>(bits >> (124 - 4 * i)) & 15];
  }
  return text;
}

std::string format_grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), ",");
  }
  return text;
}

DecimalText format_double9(double value) {
  KADSIM_ASSERT(std::isfinite(value), "a number in a result file is finite");
  DecimalText text;
  if (value == 0) {
    text.append('0');
    return text;
  }
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                 std::chars_format::general, 9);
  KADSIM_ASSERT(end.ec == std::errc(), "a number did not fit its text");
  text.append(std::string_view(digits.data(), static_cast<std::size_t>(end.ptr - digits.data())));
  return text;
}

}  // namespace kadsim

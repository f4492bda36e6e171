#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/wide.hpp"

namespace kadsim {

/// The text of a number, held inside the object: making one allocates nothing.
class DecimalText {
 public:
  /// The view is valid as long as this object: do not keep a view of a temporary.
  [[nodiscard]] std::string_view view() const { return {characters_.data(), size_}; }
  [[nodiscard]] std::string str() const { return std::string(view()); }

  void append(char character);
  void append(std::string_view text);

 private:
  std::array<char, 64> characters_{};  // the longest: 39 digits of 128 bits, a point, 18 decimals
  std::size_t size_ = 0;
};

// Numbers as they stand in result files: printed from integers wherever possible and equal on every
// machine, with a decimal point and without grouping in any locale.

/// `ns` in milliseconds with all six decimals, exact: 1'234'567 is "1.234567", -1 is "-0.000001".
[[nodiscard]] DecimalText format_ms(std::int64_t ns);

/// numerator / denominator with exactly `decimals` decimals (0 to 18), rounded half up: (2, 3, 3)
/// is "0.667", (1, 2, 0) is "1". 0 < denominator < 2^124. O(decimals).
[[nodiscard]] DecimalText format_ratio(Wide numerator, Wide denominator, unsigned decimals);

/// All 128 bits as 32 lower-case hexadecimal digits, the most significant first.
[[nodiscard]] std::string format_hex(Wide bits);

/// A whole number for people: 1234567 is "1,234,567".
[[nodiscard]] std::string format_grouped(std::uint64_t number);

/// A finite number with at most 9 significant digits, correctly rounded, as printf's %.9g in the C
/// locale: "0.1", "1e+20". Both zeros are "0".
[[nodiscard]] DecimalText format_double9(double value);

}  // namespace kadsim

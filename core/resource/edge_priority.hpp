#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace kadsim {

/// How important a vertex is to one of its owners: a multiple of 1/65536 from 0 to 1.
class EdgePriority {
 public:
  static constexpr std::uint32_t kOne = 65536;

  /// 1.
  constexpr EdgePriority() = default;
  /// `numerator` / 65536. Pre: numerator <= 65536.
  static EdgePriority of(std::uint32_t numerator);

  [[nodiscard]] constexpr std::uint32_t numerator() const { return numerator_; }
  constexpr auto operator<=>(const EdgePriority&) const = default;

 private:
  std::uint32_t numerator_ = kOne;
};

/// Product of edge priorities along a path, exact whatever its length.
///
/// Kept as a fraction in base 65536: one digit before the point, and one after it for each edge
/// whose priority is below 1, without zeros at the end. So numbers compare as their digits do, from
/// the left, and a number whose digits are the beginning of another's is the smaller one. Up to six
/// such edges take no memory of their own.
/// Multiplying and comparing are O(edges below 1).
class PathPriority {
 public:
  /// 1, the empty product.
  PathPriority() : digits_(1, u'\1') {}

  [[nodiscard]] PathPriority operator*(EdgePriority edge) const;

  [[nodiscard]] bool zero() const { return digits_.empty(); }
  bool operator==(const PathPriority&) const = default;
  std::strong_ordering operator<=>(const PathPriority& other) const {
    return digits_.compare(other.digits_) <=> 0;
  }

  /// For people, rounded to a double.
  [[nodiscard]] double approximate() const;
  /// The exact digits, e.g. "1" or "0.32768.16384", in base 65536 and decimal.
  [[nodiscard]] std::string text() const;

 private:
  std::u16string digits_;
};

}  // namespace kadsim

#pragma once

#include <compare>
#include <cstdint>
#include <limits>

#include "core/base/assert.hpp"

namespace kadsim {

namespace detail {

constexpr std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  KADSIM_ASSERT(!__builtin_add_overflow(a, b, &sum), "virtual time overflows 64 bits");
  return sum;
}
constexpr std::int64_t checked_subtract(std::int64_t a, std::int64_t b) {
  std::int64_t difference = 0;
  KADSIM_ASSERT(!__builtin_sub_overflow(a, b, &difference), "virtual time overflows 64 bits");
  return difference;
}
constexpr std::int64_t checked_multiply(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  KADSIM_ASSERT(!__builtin_mul_overflow(a, b, &product), "virtual time overflows 64 bits");
  return product;
}

}  // namespace detail

/// A difference of two points of virtual time, in whole nanoseconds; may be negative.
/// Range +-292 years; every operation is checked and asserts on overflow.
class Duration {
 public:
  constexpr Duration() = default;

  static constexpr Duration nanoseconds(std::int64_t n) { return Duration(n); }
  static constexpr Duration microseconds(std::int64_t n) { return scaled(n, 1'000); }
  static constexpr Duration milliseconds(std::int64_t n) { return scaled(n, 1'000'000); }
  static constexpr Duration seconds(std::int64_t n) { return scaled(n, 1'000'000'000); }
  static constexpr Duration minutes(std::int64_t n) { return scaled(n, 60'000'000'000); }
  static constexpr Duration hours(std::int64_t n) { return scaled(n, 3'600'000'000'000); }
  static constexpr Duration max() { return Duration(std::numeric_limits<std::int64_t>::max()); }

  [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }

  constexpr auto operator<=>(const Duration&) const = default;
  constexpr Duration operator-() const { return Duration(detail::checked_subtract(0, ns_)); }
  constexpr Duration operator+(Duration other) const {
    return Duration(detail::checked_add(ns_, other.ns_));
  }
  constexpr Duration operator-(Duration other) const {
    return Duration(detail::checked_subtract(ns_, other.ns_));
  }
  constexpr Duration operator*(std::int64_t factor) const {
    return Duration(detail::checked_multiply(ns_, factor));
  }
  /// Rounded towards zero. `divisor` is not 0.
  constexpr Duration operator/(std::int64_t divisor) const { return Duration(ns_ / divisor); }
  constexpr Duration& operator+=(Duration other) { return *this = *this + other; }
  constexpr Duration& operator-=(Duration other) { return *this = *this - other; }

 private:
  explicit constexpr Duration(std::int64_t ns) : ns_(ns) {}
  static constexpr Duration scaled(std::int64_t n, std::int64_t unit) {
    return Duration(detail::checked_multiply(n, unit));
  }

  std::int64_t ns_ = 0;
};

/// A point of virtual time: nanoseconds since the start of the run, which is time 0.
/// Two points subtract to a duration; they do not add.
class SimTime {
 public:
  constexpr SimTime() = default;

  static constexpr SimTime at(Duration since_start) { return SimTime(since_start.ns()); }
  static constexpr SimTime at_ns(std::int64_t ns) { return SimTime(ns); }
  /// Later than every event: "never".
  static constexpr SimTime max() { return SimTime(std::numeric_limits<std::int64_t>::max()); }

  [[nodiscard]] constexpr std::int64_t ns() const { return ns_; }

  constexpr auto operator<=>(const SimTime&) const = default;
  constexpr SimTime operator+(Duration d) const {
    return SimTime(detail::checked_add(ns_, d.ns()));
  }
  constexpr SimTime operator-(Duration d) const {
    return SimTime(detail::checked_subtract(ns_, d.ns()));
  }
  constexpr Duration operator-(SimTime other) const {
    return Duration::nanoseconds(detail::checked_subtract(ns_, other.ns_));
  }
  constexpr SimTime& operator+=(Duration d) { return *this = *this + d; }

 private:
  explicit constexpr SimTime(std::int64_t ns) : ns_(ns) {}
  std::int64_t ns_ = 0;
};

constexpr Duration operator*(std::int64_t factor, Duration d) { return d * factor; }

}  // namespace kadsim

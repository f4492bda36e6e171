#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/random/probability.hpp"

namespace kadsim {

/// What reading a text gave: a value, or what is wrong with the text, fit to stand behind it:
/// "is not a whole number".
template <class T>
struct Reading {
  std::optional<T> value;
  std::string fault;

  static Reading of(T value) { return {std::move(value), {}}; }
  static Reading failed(std::string fault) { return {std::nullopt, std::move(fault)}; }
};

// Numbers as JSON spells them, read from their own text and so without rounding. All expect the
// grammar of JSON's numbers, of any length, and take O(length).

/// A whole number in [min, max]; 1e6 and 5.0 are whole, 3.7 is not.
[[nodiscard]] Reading<std::uint64_t> read_whole(std::string_view number, std::uint64_t min,
                                                std::uint64_t max);

/// The nearest double; "is out of range" if none is.
[[nodiscard]] Reading<double> read_real(std::string_view number);

/// A number from 0 to 1 as an exact ratio, 0.15 being 15/100; at most 18 decimals.
[[nodiscard]] Reading<Probability> read_rate(std::string_view number);

/// `number` times `unit`, if that is a whole number below 2^63. Its faults say what is amiss with
/// the product: "is too great", "is not a whole number".
[[nodiscard]] Reading<std::int64_t> read_scaled(std::string_view number, std::int64_t unit);

/// The shortest text that read_real turns into `value` again. `value` is finite.
[[nodiscard]] std::string format_real(double value);

/// `rate` as an exact decimal, so that read_rate gives an equal rate; rounded to 18 decimals if it
/// is none (1/3), which no scenario file can say.
[[nodiscard]] std::string format_rate(Probability rate);

}  // namespace kadsim

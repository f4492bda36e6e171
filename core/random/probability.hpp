#pragma once

#include <compare>
#include <cstdint>

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"

namespace kadsim {

/// A probability as the ratio of two integers, numerator <= denominator, so that 0.15 is 15/100
/// exactly.
///
/// A draw happens if 64 uniform bits, read as a fraction, are below it. So with the same bits a
/// greater probability only adds successes; 0 never happens, 1 always does.
class Probability {
 public:
  constexpr Probability() = default;
  constexpr Probability(std::uint64_t numerator, std::uint64_t denominator)
      : numerator_(numerator), denominator_(denominator) {
    KADSIM_ASSERT(denominator > 0 && numerator <= denominator, "a probability lies in [0, 1]");
    const auto scaled = (static_cast<Wide>(numerator) << 64) / denominator;
    always_ = numerator == denominator;
    threshold_ = always_ ? 0 : static_cast<std::uint64_t>(scaled);
  }

  [[nodiscard]] constexpr bool happens(std::uint64_t uniform_bits) const {
    return always_ || uniform_bits < threshold_;
  }
  /// The probability in units of 2^-64, rounded down; 0 for certainty, which does not fit.
  [[nodiscard]] constexpr std::uint64_t threshold() const { return threshold_; }
  [[nodiscard]] constexpr bool never() const { return numerator_ == 0; }
  [[nodiscard]] constexpr std::uint64_t numerator() const { return numerator_; }
  [[nodiscard]] constexpr std::uint64_t denominator() const { return denominator_; }

  constexpr bool operator==(const Probability& other) const {
    return static_cast<Wide>(numerator_) * other.denominator_ ==
           static_cast<Wide>(other.numerator_) * denominator_;
  }

 private:
  std::uint64_t numerator_ = 0;
  std::uint64_t denominator_ = 1;
  std::uint64_t threshold_ = 0;
  bool always_ = false;
};

}  // namespace kadsim

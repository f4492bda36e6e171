#pragma once

#include <cstdint>
#include <vector>

#include "core/random/quantile_table.hpp"

namespace kadsim {

// Tables of the usual distributions. Formulas are evaluated in software floats of 113 bits
// (Boost.Multiprecision), so that the integers are the same whatever the compiler and the maths
// library. In the ranges given, the mean is within 0.1 % of the formula's and p99.9 within 0.5 %,
// but for the rounding of each quantile to whole units, which shows where values are a few units.
// All values are in the caller's unit, ns as a rule, from 0 to below 2^62: parameters that reach
// further are an assertion.

/// Always `value` >= 0.
QuantileTable constant(std::int64_t value);
/// Between `min` and `max`, 0 <= min <= max.
QuantileTable uniform(std::int64_t min, std::int64_t max);
/// With this mean, >= 0.
QuantileTable exponential(std::int64_t mean);
/// exp of a normal distribution: `median` > 0, 0 < sigma <= 2.
QuantileTable lognormal(std::int64_t median, double sigma);
/// scale * (-ln(1 - u))^(1/shape): `scale` > 0, 0.3 <= shape <= 20.
QuantileTable weibull(double shape, std::int64_t scale);

/// A point of a measured distribution: the quantile at probability / 2^62.
struct QuantilePoint {
  std::uint64_t probability = 0;  ///< in units of 2^-62, so that 1 fits
  std::int64_t value = 0;

  static constexpr std::uint64_t kOne = std::uint64_t{1} << 62;
};
/// Linear between the points: the first at probability 0, the last at 1, probabilities increasing,
/// values >= 0 not decreasing.
QuantileTable from_points(const std::vector<QuantilePoint>& points);
/// Linear between order statistics: sample i of n, sorted, at i / (n - 1). At least one sample, all
/// >= 0.
QuantileTable measured(std::vector<std::int64_t> samples);

}  // namespace kadsim

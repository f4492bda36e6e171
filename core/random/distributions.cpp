#include "core/random/distributions.hpp"

#include "core/base/assert.hpp"

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <algorithm>
#include <functional>

namespace kadsim {
namespace {

using Float = boost::multiprecision::cpp_bin_float_quad;

constexpr std::int64_t kBound = std::int64_t{1} << 62;

// d / 2^64
Float probability(std::uint64_t d) { return ldexp(Float(d), -64); }

std::int64_t rounded(const Float& value) {
  KADSIM_ASSERT(value < kBound, "a quantile is not below 2^62");
  return static_cast<std::int64_t>(floor(value + 0.5));
}

// From a function of -ln(1 - u), which is exact near both ends.
QuantileTable from_exponent(const std::function<Float(const Float&)>& value) {
  return QuantileTable::from_quantiles(
      [&](std::uint64_t d) { return rounded(value(-log1p(-probability(d)))); },
      [&](std::uint64_t d) { return rounded(value(-log(probability(d)))); });
}

// The quantile at `position` / 2^64, linear between the points.
std::int64_t interpolated(const std::vector<QuantilePoint>& points, Wide position) {
  const auto behind = std::upper_bound(points.begin(), points.end(), position,
                                       [](Wide p, const QuantilePoint& point) {
                                         return p < static_cast<Wide>(point.probability) * 4;
                                       });
  if (behind == points.end()) return points.back().value;
  const QuantilePoint& to = *behind;
  const QuantilePoint& from = *(behind - 1);
  const Float share =
      (Float(position) / 4 - Float(from.probability)) / Float(to.probability - from.probability);
  return rounded(Float(from.value) + Float(to.value - from.value) * share);
}

}  // namespace

QuantileTable constant(std::int64_t value) {
  KADSIM_ASSERT(0 <= value && value < kBound, "a constant lies from 0 to below 2^62");
  const auto same = [value](std::uint64_t) { return value; };
  return QuantileTable::from_quantiles(same, same);
}

QuantileTable uniform(std::int64_t min, std::int64_t max) {
  KADSIM_ASSERT(0 <= min && min <= max, "a range runs from its minimum to its maximum");
  return from_points({{0, min}, {QuantilePoint::kOne, max}});
}

QuantileTable exponential(std::int64_t mean) {
  KADSIM_ASSERT(mean >= 0, "a mean is not negative");
  return from_exponent([mean](const Float& x) { return Float(mean * x); });
}

QuantileTable weibull(double shape, std::int64_t scale) {
  KADSIM_ASSERT(shape >= 0.3 && shape <= 20 && scale > 0,
                "a Weibull distribution needs 0.3 <= shape <= 20, scale > 0");
  const Float power = 1 / Float(shape);
  return from_exponent([&](const Float& x) { return Float(scale * pow(x, power)); });
}

QuantileTable lognormal(std::int64_t median, double sigma) {
  KADSIM_ASSERT(sigma > 0 && sigma <= 2 && median > 0,
                "a log-normal distribution needs 0 < sigma <= 2, median > 0");
  const Float stretch = Float(sigma) * sqrt(Float(2));
  // exp(sigma z) above the median and, by symmetry, its inverse below; both halves share the costly
  // part.
  std::vector<Float> factors(QuantileTable::kPointsPerHalf);
  for (std::size_t i = 0; i < factors.size(); ++i) {
    factors[i] =
        exp(stretch * boost::math::erfc_inv(Float(2 * probability(QuantileTable::distance(i)))));
  }
  std::size_t lower = 0;
  std::size_t upper = 0;
  return QuantileTable::from_quantiles(
      [&](std::uint64_t) { return rounded(Float(median / factors[lower++])); },
      [&](std::uint64_t) { return rounded(Float(median * factors[upper++])); });
}

QuantileTable from_points(const std::vector<QuantilePoint>& points) {
  KADSIM_ASSERT(points.size() >= 2 && points.front().probability == 0 &&
                    points.back().probability == QuantilePoint::kOne,
                "quantiles run from probability 0 to 1");
  KADSIM_ASSERT(points.front().value >= 0, "a quantile is negative");
  for (std::size_t i = 1; i < points.size(); ++i) {
    KADSIM_ASSERT(
        points[i - 1].probability < points[i].probability && points[i - 1].value <= points[i].value,
        "probabilities increase and quantiles do not decrease");
  }
  constexpr Wide kOne = Wide{1} << 64;
  return QuantileTable::from_quantiles(
      [&](std::uint64_t d) { return interpolated(points, d); },
      [&](std::uint64_t d) { return interpolated(points, kOne - d); });
}

QuantileTable measured(std::vector<std::int64_t> samples) {
  KADSIM_ASSERT(!samples.empty(), "a measured distribution needs a sample");
  std::sort(samples.begin(), samples.end());
  if (samples.size() == 1) return constant(samples.front());
  std::vector<QuantilePoint> points;
  const Wide steps = samples.size() - 1;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    points.push_back(
        {static_cast<std::uint64_t>(static_cast<Wide>(QuantilePoint::kOne) * i / steps),
         samples[i]});
  }
  return from_points(points);
}

}  // namespace kadsim

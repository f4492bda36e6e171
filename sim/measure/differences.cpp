#include "sim/measure/differences.hpp"

#include "core/base/assert.hpp"

#include <boost/math/distributions/students_t.hpp>
#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <cmath>

namespace kadsim {
namespace {

// Wide enough for sums of squares of 64-bit values, and for products of such sums.
using Exact = boost::multiprecision::int256_t;

double to_double(const Exact& value) { return value.convert_to<double>(); }

struct Moments {
  double n = 0;
  double mean = 0;
  double variance = 0;  // with n - 1; 0 for one value
};

template <class Value>  // of an index
Moments moments_of(std::size_t n, const Value& value) {
  Exact sum = 0;
  Exact squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const Exact x = value(i);
    sum += x;
    squares += x * x;
  }
  const auto count = static_cast<double>(n);
  Moments moments{.n = count, .mean = to_double(sum) / count};
  if (n > 1) {
    moments.variance = to_double(Exact(n) * squares - sum * sum) / count / (count - 1);
  }
  return moments;
}

Moments moments_of(std::span<const std::int64_t> values) {
  return moments_of(values.size(), [&](std::size_t i) { return values[i]; });
}

Interval around(double middle, double reach) { return {middle - reach, middle + reach}; }

}  // namespace

double student_t_975(double degrees) {
  // Without promotion to long double, whose width differs between machines.
  using Policy = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
  return quantile(boost::math::students_t_distribution<double, Policy>(degrees), 0.975);
}

Difference paired_means(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  KADSIM_ASSERT(!a.empty() && a.size() == b.size(), "pairs have two sides");
  const Moments of = moments_of(a.size(), [&](std::size_t i) { return Exact(b[i]) - a[i]; });
  Difference result{moments_of(a).mean, moments_of(b).mean, of.mean, std::nullopt};
  if (a.size() > 1) {
    result.interval = around(of.mean, student_t_975(of.n - 1) * std::sqrt(of.variance / of.n));
  }
  return result;
}

Difference unpaired_means(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  KADSIM_ASSERT(!a.empty() && !b.empty(), "a mean is of something");
  const Moments of_a = moments_of(a);
  const Moments of_b = moments_of(b);
  Difference result{of_a.mean, of_b.mean, of_b.mean - of_a.mean, std::nullopt};
  if (a.size() < 2 || b.size() < 2) return result;
  const double part_a = of_a.variance / of_a.n;
  const double part_b = of_b.variance / of_b.n;
  const double error = part_a + part_b;
  if (error <= 0) {
    result.interval = around(result.difference, 0);
    return result;
  }
  const double degrees =
      error * error / (part_a * part_a / (of_a.n - 1) + part_b * part_b / (of_b.n - 1));
  result.interval = around(result.difference, student_t_975(degrees) * std::sqrt(error));
  return result;
}

std::optional<double> correlation(std::span<const std::int64_t> a,
                                  std::span<const std::int64_t> b) {
  KADSIM_ASSERT(a.size() == b.size(), "pairs have two sides");
  Exact sum_a = 0;
  Exact sum_b = 0;
  Exact squares_a = 0;
  Exact squares_b = 0;
  Exact products = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Exact x = a[i];
    const Exact y = b[i];
    sum_a += x;
    sum_b += y;
    squares_a += x * x;
    squares_b += y * y;
    products += x * y;
  }
  const Exact n = a.size();
  const double varying_a = to_double(n * squares_a - sum_a * sum_a);
  const double varying_b = to_double(n * squares_b - sum_b * sum_b);
  if (varying_a <= 0 || varying_b <= 0) return std::nullopt;
  const double r =
      to_double(n * products - sum_a * sum_b) / (std::sqrt(varying_a) * std::sqrt(varying_b));
  return std::clamp(r, -1.0, 1.0);
}

std::int64_t quantile_of(std::span<const std::int64_t> values, Quantile quantile) {
  KADSIM_ASSERT(!values.empty(), "nothing has no quantiles");
  std::vector<std::int64_t> copy(values.begin(), values.end());
  const std::size_t rank =
      (copy.size() * quantile.numerator + quantile.denominator - 1) / quantile.denominator;
  const auto at = copy.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(copy.begin(), at, copy.end());
  return *at;
}

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace kadsim {

struct Interval {
  double low = 0;
  double high = 0;
};

/// A figure of sample A, the same figure of sample B, their difference B - A, and an interval that
/// contains the true difference in 95 of 100 samples. No interval means that there are too few
/// values for one.
struct Difference {
  double a = 0;
  double b = 0;
  double difference = 0;
  std::optional<Interval> interval;
};

// Values are integers in any unit and sums of them are exact, so no figure depends on the order of
// the values. Samples are not empty. Paired samples have the same length, and value i of A belongs
// to value i of B. Functions take O(n) unless their comment says otherwise.

/// The difference of means of pairs. Interval: Student's t on the differences of pairs with n - 1
/// degrees of freedom, from 2 pairs on.
/// Source: Student, "The probable error of a mean", Biometrika 6(1), 1908.
Difference paired_means(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// The difference of means of independent samples, whose variances may differ. Interval: Welch's t,
/// from 2 values in each sample on.
/// Source: Welch, "The generalization of 'Student's' problem when several different population
/// variances are involved", Biometrika 34, 1947.
Difference unpaired_means(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// Which quantile, as a ratio: 99 / 100 is the 99th percentile.
struct Quantile {
  unsigned numerator = 1;
  unsigned denominator = 2;
};

/// The differences of nearest-rank quantiles, in the order of `quantiles`, which ascend. Interval:
/// percentile bootstrap, if each sample has 10 values on either side of the quantile; pairs are
/// drawn as pairs. There are 999 resamples, or 199 for more than 50,000 values, drawn from the
/// stream "diff.bootstrap", so that the interval is the same each time. O(n * resamples).
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, ch. 13; Davison and
/// Hinkley, "Bootstrap methods and their application", 1997, sec. 5.2.3 for the number of
/// resamples.
std::vector<Difference> paired_quantiles(std::span<const std::int64_t> a,
                                         std::span<const std::int64_t> b,
                                         std::span<const Quantile> quantiles);
std::vector<Difference> unpaired_quantiles(std::span<const std::int64_t> a,
                                           std::span<const std::int64_t> b,
                                           std::span<const Quantile> quantiles);

/// Pearson's correlation of pairs, from -1 to 1; none if all values of a sample are equal.
std::optional<double> correlation(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// The value that Student's t with `degrees` > 0 degrees of freedom stays below with probability
/// 0.975.
double student_t_975(double degrees);

/// The nearest-rank quantile: the value of rank max(1, ceil(n * quantile)) in ascending order.
/// O(n).
std::int64_t quantile_of(std::span<const std::int64_t> values, Quantile quantile);

}  // namespace kadsim

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

/// A figure of a sample A and of a sample B, and by how much B's is greater, with an interval that
/// holds the true difference in 95 of 100 samples. No interval: too few values for one.
struct Difference {
  double a = 0;
  double b = 0;
  double difference = 0;
  std::optional<Interval> interval;
};

// Values are integers in whatever unit, and sums of them exact, so no figure hangs on the order of
// the values. Samples are not empty; paired ones are equally long, value i of A belonging to value
// i of B. O(n) unless something else is said.

/// Of means. Interval: Student's t on the differences of pairs, n - 1 degrees of freedom, from 2
/// pairs on.
/// Source: Student, "The probable error of a mean", Biometrika 6(1), 1908.
Difference paired_means(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// Of means of samples that do not belong together and may vary differently. Interval: Welch's t,
/// from 2 values each on.
/// Source: Welch, "The generalization of 'Student's' problem when several different population
/// variances are involved", Biometrika 34, 1947.
Difference unpaired_means(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// A quantile, as a ratio: 99 / 100.
struct Quantile {
  unsigned numerator = 1;
  unsigned denominator = 2;
};

/// Of nearest-rank quantiles, in the order of `quantiles`, which ascend. Interval: percentile
/// bootstrap, from 10 values each beyond the quantile on either side; pairs are drawn as pairs. 999
/// resamples, of more than 50,000 values 199; drawn from the stream "diff.bootstrap", so that the
/// interval is the same each time. O(n * resamples).
/// Source: Efron and Tibshirani, "An introduction to the bootstrap", 1993, ch. 13; Davison and
/// Hinkley, "Bootstrap methods and their application", 1997, sec. 5.2.3 for the number of
/// resamples.
std::vector<Difference> paired_quantiles(std::span<const std::int64_t> a,
                                         std::span<const std::int64_t> b,
                                         std::span<const Quantile> quantiles);
std::vector<Difference> unpaired_quantiles(std::span<const std::int64_t> a,
                                           std::span<const std::int64_t> b,
                                           std::span<const Quantile> quantiles);

/// Pearson's correlation of pairs, from -1 to 1; none if a sample does not vary.
std::optional<double> correlation(std::span<const std::int64_t> a, std::span<const std::int64_t> b);

/// Of Student's t with so many degrees of freedom: the value that it stays below with probability
/// 0.975. `degrees` > 0.
double student_t_975(double degrees);

/// Nearest rank: the value of rank max(1, ceil(n * q)). O(n).
std::int64_t quantile_of(std::span<const std::int64_t> values, Quantile quantile);

}  // namespace kadsim

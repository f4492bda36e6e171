#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"
#include "sim/measure/decimal.hpp"

namespace kadsim {

/// How often each value was seen, in integer log-linear bins: values from 0 to 2^63 - 1 of any unit
/// (ns, hops, attempts).
///
/// Values below 512 have a bin of their own and are exact. Above, each power of two is cut into 256
/// bins of equal width, so a bin is at most 1/256 as wide as the smallest value in it.
/// Count, sum, minimum and maximum are exact. All state is integer, so histograms of the same
/// values are equal for any order of adding and merging.
///
/// Source: the layout of HdrHistogram (Tene), with two departures: quantiles report the middle of a
/// bin instead of its upper end, and the table spans all of int64 from the start (112 KiB), so that
/// nothing is allocated after construction and no value is out of range.
class Histogram {
 public:
  Histogram() : bins_(kBins) {}

  /// Counts `value` >= 0 once. O(1), no allocation.
  void add(std::int64_t value) {
    KADSIM_ASSERT(value >= 0, "a histogram counts non-negative values only");
    ++bins_[bin_of(value)];
    ++count_;
    sum_ += static_cast<std::uint64_t>(value);
    min_ = std::min(min_, value);
    max_ = std::max(max_, value);
  }

  /// As if every value of `other` had been added here. O(bins between its minimum and maximum).
  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  [[nodiscard]] Wide sum() const { return sum_; }

  // All functions below require at least one value, which is asserted.

  [[nodiscard]] std::int64_t min() const;
  [[nodiscard]] std::int64_t max() const;

  /// The nearest-rank quantile at numerator/denominator, a ratio from 0 to 1: the value of rank
  /// max(1, ceil(count * numerator / denominator)) in ascending order, e.g. (99, 100), (999, 1000).
  /// Reported is the middle of that value's bin, rounded down and kept within [min, max]: exact
  /// below 512, at most 1/512 off above. The first and the last rank are the exact minimum and
  /// maximum. O(bins between minimum and maximum).
  [[nodiscard]] std::int64_t quantile(std::uint64_t numerator, std::uint64_t denominator) const;

  /// sum / (count * unit) with `decimals` decimals, at most 18, rounded half up; e.g. unit
  /// 1'000'000 prints values in ns as a mean in ms. `unit` > 0.
  [[nodiscard]] DecimalText mean(unsigned decimals, std::uint64_t unit = 1) const;

  bool operator==(const Histogram&) const = default;

 private:
  static constexpr int kUnitBits = 9;  // values of at most 9 bits, 0 to 511, are their own bin
  static constexpr std::size_t kBinsPerPower = std::size_t{1} << (kUnitBits - 1);
  static constexpr std::size_t kBins = (63 - kUnitBits) * kBinsPerPower + 2 * kBinsPerPower;

  // The 9 leading bits of the value choose the bin: 2^shift wide, shift 0 for values of 9 bits or
  // less.
  static constexpr std::size_t bin_of(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    const int shift = 64 - kUnitBits - std::countl_zero(bits | (2 * kBinsPerPower - 1));
    return static_cast<std::size_t>(shift) * kBinsPerPower +
           static_cast<std::size_t>(bits >> shift);
  }
  static std::int64_t middle_of(std::size_t bin);

  std::vector<std::uint64_t> bins_;
  std::uint64_t count_ = 0;
  Wide sum_ = 0;
  std::int64_t min_ = std::numeric_limits<std::int64_t>::max();
  std::int64_t max_ = 0;
};

}  // namespace kadsim

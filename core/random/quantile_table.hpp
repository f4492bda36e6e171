#pragma once

#include <bit>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/wide.hpp"
#include "core/hash/hash.hpp"

namespace kadsim {

/// A distribution of non-negative integers (ns, as a rule) as quantiles on a fixed grid, linear
/// between them.
///
/// The grid is that of a floating-point number, from both ends: the probability u in [0, 1) is seen
/// as its distance d from the nearer end, 0 or 1; each octave of d, [2^-(i+2), 2^-(i+1)), is cut
/// into 32 equal cells, down to d = 2^-41; the last cell of each half reaches from there to the
/// end. So the cells get finer towards both tails, and a curve such as -ln(1 - u) is met within
/// 2^-13 of its scale everywhere. 2 x 1,282 points.
///
/// Everything is integer: the same table draws the same numbers on every machine, and `hash` tells
/// tables apart. Invariant: there are points, none is negative, and they do not decrease. Drawing
/// takes a count of leading zeros, two loads and a multiply.
class QuantileTable {
 public:
  static constexpr unsigned kOctaves = 40;
  static constexpr unsigned kCellBits = 5;
  static constexpr unsigned kCellsPerOctave = 1U << kCellBits;
  /// Points of one half: 0 is the end of the distribution, the last is the median.
  static constexpr std::size_t kPointsPerHalf = kOctaves * kCellsPerOctave + 2;

  /// Distance of point `i` of a half from its end, in units of 2^-64. Point 0, the end
  /// itself, is given an eighth of the next one's: with an exponential tail that keeps the mean of
  /// the last cell.
  static std::uint64_t distance(std::size_t i);

  /// `lower(d)` is the quantile at d / 2^64, `upper(d)` that at 1 - d / 2^64, both for 0 < d <=
  /// 2^63. They do not decrease as the probability grows, and lower(2^63) = upper(2^63). An
  /// assertion otherwise.
  using Quantile = std::function<std::int64_t(std::uint64_t d)>;
  static QuantileTable from_quantiles(const Quantile& lower, const Quantile& upper);

  /// The quantile at uniform_bits / 2^64, rounded down.
  [[nodiscard]] std::int64_t draw(std::uint64_t uniform_bits) const {
    const std::uint64_t upper = uniform_bits >> 63;
    const std::uint64_t d = uniform_bits ^ (0 - upper);  // distance from the nearer end, below 2^63
    const std::int64_t* half = points_.data() + upper * kPointsPerHalf;
    if (d < kLastCell) [[unlikely]]
      return between(half[0], half[1], d << (64 - kLastCellBits));
    const auto octave = static_cast<unsigned>(std::countl_zero(d)) - 1;
    const std::uint64_t below_leading = d << (octave + 2);
    const std::size_t at = 1 + (kOctaves - 1 - octave) * kCellsPerOctave +
                           static_cast<std::size_t>(below_leading >> (64 - kCellBits));
    return between(half[at], half[at + 1], below_leading << kCellBits);
  }

  /// The same, but nothing below `least`.
  [[nodiscard]] QuantileTable at_least(std::int64_t least) const;

  /// Of the quantiles as straight lines between the points, exact up to the last rounding. `draw`
  /// rounds down, so that the mean of draws is smaller, by less than 1.
  [[nodiscard]] double mean() const;
  [[nodiscard]] std::int64_t min() const { return points_[0]; }
  [[nodiscard]] std::int64_t max() const { return points_[kPointsPerHalf]; }
  /// SHA-256 of all points, little-endian: the lower half from its end to the median, then the
  /// upper half from its end to the median.
  [[nodiscard]] Hash hash() const;

 private:
  QuantileTable() : points_(2 * kPointsPerHalf) {}

  static constexpr unsigned kLastCellBits = 63 - kOctaves;
  static constexpr std::uint64_t kLastCell = std::uint64_t{1} << kLastCellBits;

  // `fraction` / 2^64 of the way from one point to the next.
  static std::int64_t between(std::int64_t from, std::int64_t to, std::uint64_t fraction) {
    const auto step = static_cast<SignedWide>(to - from);
    return from + static_cast<std::int64_t>((step * static_cast<SignedWide>(fraction)) >> 64);
  }

  // Lower half, then upper half, each from its end to the median.
  std::vector<std::int64_t> points_;
};

}  // namespace kadsim

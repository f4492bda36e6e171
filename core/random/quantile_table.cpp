#include "core/random/quantile_table.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {

std::uint64_t QuantileTable::distance(std::size_t i) {
  if (i == 0) return kLastCell / 8;
  const std::size_t cell = i - 1;
  const std::uint64_t octave_begin = kLastCell << (cell / kCellsPerOctave);
  return octave_begin + (octave_begin >> kCellBits) * (cell % kCellsPerOctave);
}

QuantileTable QuantileTable::from_quantiles(const Quantile& lower, const Quantile& upper) {
  QuantileTable table;
  std::int64_t* const low = table.points_.data();
  std::int64_t* const high = low + kPointsPerHalf;
  for (std::size_t i = 0; i < kPointsPerHalf; ++i) {
    low[i] = lower(distance(i));
    high[i] = upper(distance(i));
    KADSIM_ASSERT(low[i] >= 0, "a quantile is negative");
    KADSIM_ASSERT(i == 0 || (low[i - 1] <= low[i] && high[i - 1] >= high[i]), "quantiles decrease");
  }
  KADSIM_ASSERT(low[kPointsPerHalf - 1] == high[kPointsPerHalf - 1],
                "a distribution has one median");
  return table;
}

QuantileTable QuantileTable::at_least(std::int64_t least) const {
  QuantileTable raised = *this;
  for (std::int64_t& point : raised.points_) point = std::max(point, least);
  return raised;
}

double QuantileTable::mean() const {
  // Trapezoids: the sum of width * (left + right) over all cells, widths in units of 2^-64. The
  // widths sum to 2^64 and left + right is below 2^64, so that the sum is below 2^128.
  Wide twice = 0;
  for (std::size_t half = 0; half < 2; ++half) {
    const std::int64_t* points = points_.data() + half * kPointsPerHalf;
    std::uint64_t from = 0;
    for (std::size_t i = 1; i < kPointsPerHalf; ++i) {
      const std::uint64_t to = distance(i);
      const auto left = static_cast<std::uint64_t>(points[i - 1]);
      const auto right = static_cast<std::uint64_t>(points[i]);
      twice += static_cast<Wide>(to - from) * (left + right);
      from = to;
    }
  }
  return static_cast<double>(twice) / 2.0 / 18446744073709551616.0;
}

Hash QuantileTable::hash() const {
  std::vector<unsigned char> bytes;
  bytes.reserve(points_.size() * 8);
  for (const std::int64_t point : points_) {
    for (int i = 0; i < 8; ++i) {
      bytes.push_back(static_cast<unsigned char>(static_cast<std::uint64_t>(point) >> (8 * i)));
    }
  }
  return Hash::of_bytes(bytes);
}

}  // namespace kadsim

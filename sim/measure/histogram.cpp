#include "sim/measure/histogram.hpp"

namespace kadsim {

std::int64_t Histogram::middle_of(std::size_t bin) {
  if (bin < 2 * kBinsPerPower) return static_cast<std::int64_t>(bin);
  const std::size_t shift = bin / kBinsPerPower - 1;
  const std::uint64_t lowest = static_cast<std::uint64_t>(bin - shift * kBinsPerPower) << shift;
  const std::uint64_t width = std::uint64_t{1} << shift;
  return static_cast<std::int64_t>(lowest + (width - 1) / 2);
}

void Histogram::merge(const Histogram& other) {
  if (other.empty()) return;
  for (std::size_t i = bin_of(other.min_), last = bin_of(other.max_); i <= last; ++i) {
    bins_[i] += other.bins_[i];
  }
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

std::int64_t Histogram::min() const {
  KADSIM_ASSERT(!empty(), "an empty histogram has no minimum");
  return min_;
}

std::int64_t Histogram::max() const {
  KADSIM_ASSERT(!empty(), "an empty histogram has no maximum");
  return max_;
}

std::int64_t Histogram::quantile(std::uint64_t numerator, std::uint64_t denominator) const {
  KADSIM_ASSERT(!empty(), "an empty histogram has no quantiles");
  KADSIM_ASSERT(denominator > 0 && numerator <= denominator, "a quantile lies between 0 and 1");
  const Wide product = static_cast<Wide>(count_) * numerator;
  const auto ceiling =
      static_cast<std::uint64_t>(product / denominator + (product % denominator != 0 ? 1 : 0));
  const std::uint64_t rank = std::max<std::uint64_t>(1, ceiling);
  if (rank == 1) return min_;
  if (rank == count_) return max_;
  std::size_t bin = bin_of(min_);
  for (std::uint64_t seen = bins_[bin]; seen < rank; seen += bins_[bin]) ++bin;
  return std::clamp(middle_of(bin), min_, max_);
}

DecimalText Histogram::mean(unsigned decimals, std::uint64_t unit) const {
  KADSIM_ASSERT(!empty(), "an empty histogram has no mean");
  return format_ratio(sum_, static_cast<Wide>(count_) * unit, decimals);
}

}  // namespace kadsim

// The intervals of differences of quantiles, by resampling.

#include "core/base/assert.hpp"
#include "core/random/random_stream.hpp"
#include "sim/measure/differences.hpp"

#include <algorithm>
#include <numeric>

namespace kadsim {
namespace {

constexpr std::size_t kFewValues = 50'000;
constexpr std::size_t kLeastBeyond = 10;

std::size_t rank_of(std::size_t n, Quantile q) {
  return std::max<std::size_t>(1, (n * q.numerator + q.denominator - 1) / q.denominator);
}

bool enough(std::size_t n, Quantile q) {
  const std::size_t rank = rank_of(n, q);
  return rank >= kLeastBeyond && n - rank >= kLeastBeyond;
}

/// A sample, and how often each of its values occurs in the current resample.
class Resampled {
 public:
  explicit Resampled(std::span<const std::int64_t> values)
      : values_(values), ascending_(values.size()), times_(values.size()) {
    std::iota(ascending_.begin(), ascending_.end(), std::uint32_t{0});
    std::ranges::sort(ascending_, {}, [&](std::uint32_t i) { return std::pair(values_[i], i); });
  }

  void draw(const RandomStream& stream, const DrawKey& key) {
    std::ranges::fill(times_, 0);
    RandomSequence random(stream, key);
    for (std::size_t i = 0; i < values_.size(); ++i) ++times_[random.below(values_.size())];
  }
  void draw_as(const Resampled& other) { times_ = other.times_; }
  void each_once() { std::ranges::fill(times_, 1); }

  /// The quantiles of the resample, appended to `to`.
  void read(std::span<const Quantile> quantiles, std::vector<std::int64_t>& to) const {
    std::size_t seen = 0;
    std::size_t at = 0;
    for (const Quantile quantile : quantiles) {
      const std::size_t rank = rank_of(values_.size(), quantile);
      while (seen < rank) seen += times_[ascending_[at++]];
      to.push_back(values_[ascending_[at - 1]]);
    }
  }

 private:
  std::span<const std::int64_t> values_;
  std::vector<std::uint32_t> ascending_;  // indices of values
  std::vector<std::uint32_t> times_;      // by index
};

Interval percentile_interval(std::vector<std::int64_t>& differences) {
  std::ranges::sort(differences);
  const std::size_t tail = (differences.size() + 1) / 40;  // 2.5 %: of 999 the 25th
  return {static_cast<double>(differences[tail - 1]),
          static_cast<double>(differences[differences.size() - tail])};
}

std::vector<Difference> compare(std::span<const std::int64_t> a, std::span<const std::int64_t> b,
                                std::span<const Quantile> quantiles, bool paired) {
  KADSIM_ASSERT(!a.empty() && !b.empty(), "nothing has no quantiles");
  Resampled of_a(a);
  Resampled of_b(b);
  std::vector<std::int64_t> read_a;
  std::vector<std::int64_t> read_b;
  const auto read = [&] {
    read_a.clear();
    read_b.clear();
    of_a.read(quantiles, read_a);
    of_b.read(quantiles, read_b);
  };
  of_a.each_once();
  of_b.each_once();
  read();
  std::vector<Difference> results;
  bool any = false;
  for (std::size_t q = 0; q < quantiles.size(); ++q) {
    results.push_back({static_cast<double>(read_a[q]), static_cast<double>(read_b[q]),
                       static_cast<double>(read_b[q] - read_a[q]), std::nullopt});
    any = any || (enough(a.size(), quantiles[q]) && enough(b.size(), quantiles[q]));
  }
  if (!any) return results;

  const RandomStream stream(0, 0, "diff.bootstrap");
  const std::size_t resamples = std::max(a.size(), b.size()) > kFewValues ? 199 : 999;
  std::vector<std::vector<std::int64_t>> differences(quantiles.size());
  for (std::size_t i = 0; i < resamples; ++i) {
    of_a.draw(stream, {i, 0, 0});
    if (paired) {
      of_b.draw_as(of_a);
    } else {
      of_b.draw(stream, {i, 1, 0});
    }
    read();
    for (std::size_t q = 0; q < quantiles.size(); ++q) {
      differences[q].push_back(read_b[q] - read_a[q]);
    }
  }
  for (std::size_t q = 0; q < quantiles.size(); ++q) {
    if (enough(a.size(), quantiles[q]) && enough(b.size(), quantiles[q])) {
      results[q].interval = percentile_interval(differences[q]);
    }
  }
  return results;
}

}  // namespace

std::vector<Difference> paired_quantiles(std::span<const std::int64_t> a,
                                         std::span<const std::int64_t> b,
                                         std::span<const Quantile> quantiles) {
  KADSIM_ASSERT(a.size() == b.size(), "pairs have two sides");
  return compare(a, b, quantiles, true);
}

std::vector<Difference> unpaired_quantiles(std::span<const std::int64_t> a,
                                           std::span<const std::int64_t> b,
                                           std::span<const Quantile> quantiles) {
  return compare(a, b, quantiles, false);
}

}  // namespace kadsim

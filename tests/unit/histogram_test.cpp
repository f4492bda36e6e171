#include "sim/measure/histogram.hpp"

#include "core/base/assert.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

using namespace kadsim;

namespace {

Histogram histogram_of(const std::vector<std::int64_t>& values) {
  Histogram histogram;
  for (const std::int64_t value : values) histogram.add(value);
  return histogram;
}

// The value of rank ceil(n * numerator / denominator), at least the first.
std::int64_t nearest_rank(std::vector<std::int64_t> values, std::uint64_t numerator,
                          std::uint64_t denominator) {
  std::ranges::sort(values);
  const std::size_t rank = (values.size() * numerator + denominator - 1) / denominator;
  return values[std::max<std::size_t>(rank, 1) - 1];
}

// Values of all magnitudes: first their number of bits is drawn, then the bits.
std::vector<std::int64_t> random_values(std::uint64_t seed, std::size_t count, unsigned most_bits) {
  const RandomStream stream(seed, 0, "histogram_test");
  RandomSequence random(stream, {});
  std::vector<std::int64_t> values(count);
  for (std::int64_t& value : values) {
    const std::uint64_t bits = 1 + random.below(most_bits);
    value = static_cast<std::int64_t>(random.bits() >> (64 - bits));
  }
  return values;
}

}  // namespace

TEST_CASE("a value is reported at most one part in 256 off, and exactly below 512", "[histogram]") {
  std::vector<std::int64_t> values = random_values(1, 20'000, 63);
  for (std::int64_t small = 0; small < 2048; ++small) values.push_back(small);
  for (unsigned bit = 9; bit < 63; ++bit) {
    for (const std::int64_t near : {-1, 0, 1}) values.push_back((std::int64_t{1} << bit) + near);
  }
  values.push_back(std::numeric_limits<std::int64_t>::max());
  for (const std::int64_t value : values) {
    // Of three values that differ widely, the middle one is not saved by being minimum or maximum.
    Histogram histogram;
    histogram.add(0);
    histogram.add(value);
    histogram.add(std::numeric_limits<std::int64_t>::max());
    const std::int64_t reported = histogram.quantile(1, 2);
    const std::int64_t off = std::max(reported, value) - std::min(reported, value);
    if (off > value / 256 || (value < 512 && off != 0)) FAIL(value << " reported as " << reported);
  }
}

TEST_CASE("quantiles agree with a sorted vector", "[histogram]") {
  const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{21}));
  const std::size_t count = 1 + static_cast<std::size_t>(seed) * 97;
  const std::vector<std::int64_t> values = random_values(seed, count, seed % 2 == 0 ? 40 : 9);
  const Histogram histogram = histogram_of(values);
  for (std::uint64_t permille = 0; permille <= 1000; ++permille) {
    const std::int64_t expected = nearest_rank(values, permille, 1000);
    const std::int64_t reported = histogram.quantile(permille, 1000);
    const std::int64_t off = std::max(reported, expected) - std::min(reported, expected);
    if (off > expected / 256) {
      FAIL("seed " << seed << ", " << permille << "/1000: " << reported << ", want " << expected);
    }
  }
}

TEST_CASE("count, sum, minimum and maximum are exact", "[histogram]") {
  const std::vector<std::int64_t> values = random_values(7, 10'000, 50);
  const Histogram histogram = histogram_of(values);
  Wide sum = 0;
  for (const std::int64_t value : values) sum += static_cast<std::uint64_t>(value);
  CHECK(histogram.count() == values.size());
  CHECK((histogram.sum() == sum));
  CHECK(histogram.min() == std::ranges::min(values));
  CHECK(histogram.max() == std::ranges::max(values));
  CHECK(histogram.quantile(0, 1) == std::ranges::min(values));
  CHECK(histogram.quantile(1, 1) == std::ranges::max(values));
}

TEST_CASE("a sum of many large values does not overflow", "[histogram]") {
  Histogram histogram;
  for (int i = 0; i < 4; ++i) histogram.add(std::numeric_limits<std::int64_t>::max());
  CHECK(histogram.mean(1).view() == "9223372036854775807.0");
  CHECK(histogram.quantile(1, 2) == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("the mean is rounded half up from exact integers", "[histogram]") {
  const Histogram histogram = histogram_of({1, 2, 2});
  CHECK(histogram.mean(3).view() == "1.667");
  CHECK(histogram.mean(0).view() == "2");
  CHECK(histogram_of({1'500'000, 2'500'001}).mean(6, 1'000'000).view() == "2.000001");
}

TEST_CASE("merging is adding all values to one", "[histogram]") {
  const std::vector<std::int64_t> first = random_values(3, 500, 30);
  const std::vector<std::int64_t> second = random_values(4, 700, 63);
  std::vector<std::int64_t> both = second;
  both.insert(both.end(), first.begin(), first.end());

  Histogram merged = histogram_of(first);
  merged.merge(histogram_of(second));
  CHECK((merged == histogram_of(both)));

  merged.merge(Histogram());
  CHECK((merged == histogram_of(both)));

  Histogram from_nothing;
  from_nothing.merge(histogram_of(both));
  CHECK((from_nothing == merged));
}

TEST_CASE("a histogram refuses negative values and questions that have no answer", "[histogram]") {
  Histogram histogram;
  CHECK(histogram.empty());
  CHECK_THROWS_AS(histogram.add(-1), AssertionError);
  CHECK_THROWS_AS(histogram.min(), AssertionError);
  CHECK_THROWS_AS(histogram.max(), AssertionError);
  CHECK_THROWS_AS(histogram.mean(3), AssertionError);
  CHECK_THROWS_AS(histogram.quantile(1, 2), AssertionError);
  histogram.add(1);
  CHECK_THROWS_AS(histogram.quantile(3, 2), AssertionError);
  CHECK_THROWS_AS(histogram.quantile(0, 0), AssertionError);
}

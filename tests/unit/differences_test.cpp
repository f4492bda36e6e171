// Differences and their intervals, against published examples and against data whose truth is
// known.

#include "sim/measure/differences.hpp"

#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

using namespace kadsim;

namespace {

using Values = std::vector<std::int64_t>;

// Hours of sleep gained with two drugs, in tenths: Cushny and Peebles, 1905, as in Student, 1908.
const Values kFirstDrug{7, -16, -2, -12, -1, 34, 37, 8, 0, 20};
const Values kSecondDrug{19, 8, 11, 1, -1, 44, 55, 16, 46, 34};

// About normal, mean 0, standard deviation 1000: the sum of twelve uniforms.
std::int64_t normal(RandomSequence& random) {
  std::int64_t sum = -6000;
  for (int i = 0; i < 12; ++i) sum += static_cast<std::int64_t>(random.below(1001));
  return sum;
}

bool holds(const Difference& difference, double truth) {
  REQUIRE(difference.interval.has_value());
  return difference.interval->low <= truth && truth <= difference.interval->high;
}

}  // namespace

TEST_CASE("quantiles of Student's t are those of the printed tables", "[differences]") {
  // E.g. Fisher and Yates, table III, P = 0.05.
  CHECK(student_t_975(1) == Approx(12.706).epsilon(0.0001));
  CHECK(student_t_975(2) == Approx(4.303).epsilon(0.0002));
  CHECK(student_t_975(4) == Approx(2.776).epsilon(0.0002));
  CHECK(student_t_975(9) == Approx(2.262).epsilon(0.0003));
  CHECK(student_t_975(30) == Approx(2.042).epsilon(0.0003));
  CHECK(student_t_975(1e9) == Approx(1.959964).epsilon(1e-6));
}

TEST_CASE("Student's own example of pairs comes out as in R", "[differences]") {
  // R's t.test(extra, paired = TRUE) of its data set `sleep`: -1.58, from -2.4598858 to -0.7001142.
  const Difference sleep = paired_means(kSecondDrug, kFirstDrug);
  CHECK(sleep.a == Approx(23.3));
  CHECK(sleep.b == Approx(7.5));
  CHECK(sleep.difference == Approx(-15.8));
  CHECK(sleep.interval->low == Approx(-24.598858).epsilon(1e-7));
  CHECK(sleep.interval->high == Approx(-7.001142).epsilon(1e-6));
}

TEST_CASE("the same without pairs is Welch's, and wider", "[differences]") {
  // R's t.test(extra ~ group): from -3.3654832 to 0.2054832.
  const Difference sleep = unpaired_means(kSecondDrug, kFirstDrug);
  CHECK(sleep.difference == Approx(-15.8));
  CHECK(sleep.interval->low == Approx(-33.654832).epsilon(1e-7));
  CHECK(sleep.interval->high == Approx(2.054832).epsilon(1e-6));
}

TEST_CASE("Anscombe's first quartet correlates at 0.816", "[differences]") {
  const Values x{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  const Values y{804, 695, 758, 881, 833, 996, 724, 426, 1084, 482, 568};
  CHECK(*correlation(x, y) == Approx(0.81642).epsilon(1e-5));
  CHECK(*correlation(x, x) == Approx(1));
  Values opposite = x;
  for (std::int64_t& value : opposite) value = -3 * value;
  CHECK(*correlation(x, opposite) == Approx(-1));
  CHECK_FALSE(correlation(x, Values(11, 5)).has_value());
}

TEST_CASE("sums of great values are exact", "[differences]") {
  constexpr std::int64_t kGreat = std::int64_t{1} << 62;
  Values a(1000, kGreat);
  Values b = a;
  b[7] -= 1000;
  const Difference difference = paired_means(a, b);
  CHECK(difference.difference == -1);
  // 1,000 differences, one of them -1000: variance 1000, error 1.
  CHECK(difference.interval->low == Approx(-1 - student_t_975(999)));
}

TEST_CASE("one value gives a difference but no interval", "[differences]") {
  CHECK_FALSE(paired_means(Values{5}, Values{7}).interval.has_value());
  CHECK(paired_means(Values{5}, Values{7}).difference == 2);
  CHECK_FALSE(unpaired_means(Values{5}, Values{7, 8}).interval.has_value());
  CHECK(unpaired_means(Values{5, 5}, Values{7, 7}).interval->low == 2);
}

TEST_CASE("quantiles are nearest-rank, with an interval where ten values lie beyond",
          "[differences]") {
  constexpr std::array kQuantiles = {Quantile{1, 2}, Quantile{99, 100}};
  Values a(1000);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<std::int64_t>((i * 7919) % 1000);
  Values b = a;
  for (std::int64_t& value : b) value += 5;
  const auto paired = paired_quantiles(a, b, kQuantiles);
  CHECK(paired[0].a == 499);
  CHECK(paired[1].a == 989);
  CHECK(quantile_of(a, kQuantiles[1]) == 989);
  for (const Difference& difference : paired) {
    // Every pair differs by the same, so every resample does.
    CHECK(difference.difference == 5);
    CHECK(difference.interval->low == 5);
    CHECK(difference.interval->high == 5);
  }
  const auto unpaired = unpaired_quantiles(a, b, kQuantiles);
  CHECK(unpaired[0].difference == 5);
  CHECK(unpaired[0].interval->low < -30);
  CHECK(unpaired[0].interval->high > 40);
  a.pop_back();
  b.pop_back();
  CHECK(paired_quantiles(a, b, kQuantiles)[0].interval.has_value());
  CHECK_FALSE(paired_quantiles(a, b, kQuantiles)[1].interval.has_value());
  CHECK_FALSE(unpaired_quantiles(a, b, kQuantiles)[1].interval.has_value());
}

TEST_CASE("an interval is the same each time and in whatever order pairs come", "[differences]") {
  constexpr std::array kQuantiles = {Quantile{1, 2}};
  const RandomStream stream(3, 0, "test.order");
  RandomSequence random(stream, {});
  Values a;
  Values b;
  for (int i = 0; i < 200; ++i) {
    a.push_back(normal(random));
    b.push_back(normal(random));
  }
  const auto first = paired_quantiles(a, b, kQuantiles);
  const auto again = paired_quantiles(a, b, kQuantiles);
  CHECK(first[0].interval->low == again[0].interval->low);
  const Difference means = paired_means(a, b);
  std::ranges::reverse(a);
  std::ranges::reverse(b);
  CHECK(paired_means(a, b).interval->low == means.interval->low);
}

TEST_CASE("ninety-five of a hundred intervals hold the truth", "[differences][coverage]") {
  constexpr std::array kQuantiles = {Quantile{1, 2}, Quantile{9, 10}};
  constexpr int kTrials = 1000;
  const RandomStream stream(11, 0, "test.coverage");
  int paired = 0;
  int welch = 0;
  std::array<int, 2> boot{};
  int boots = 0;
  for (int trial = 0; trial < kTrials; ++trial) {
    RandomSequence random(stream, {static_cast<std::uint64_t>(trial), 0, 0});
    const bool large = trial % 4 == 0;  // the bootstrap is for many values
    const int n = large ? 250 : 8;
    Values a;
    Values b;
    for (int i = 0; i < n; ++i) {
      // What both share is what pairs are for; the true difference is 300 in mean and quantiles.
      const std::int64_t shared = normal(random);
      a.push_back(1000 + shared + normal(random) / 2);
      b.push_back(1300 + shared + normal(random) / 2);
    }
    Values c;  // independent of a, and varying twice as much
    for (int i = 0; i < 2 * n; ++i) c.push_back(1300 + 2 * normal(random));
    paired += holds(paired_means(a, b), 300) ? 1 : 0;
    welch += holds(unpaired_means(a, c), 300) ? 1 : 0;
    if (!large) continue;
    ++boots;
    const auto quantiles = paired_quantiles(a, b, kQuantiles);
    for (std::size_t q = 0; q < 2; ++q) boot[q] += holds(quantiles[q], 300) ? 1 : 0;
  }
  // Three standard deviations of a count of 1,000 and of 250 at 95 %: 20.7 and 10.3.
  CAPTURE(paired, welch, boot[0], boot[1], boots);
  CHECK(std::abs(paired - 950) <= 21);
  CHECK(std::abs(welch - 950) <= 21);
  for (const int held : boot) CHECK(std::abs(held - boots * 0.95) <= 10.3);
}

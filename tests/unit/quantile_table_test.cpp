// Tables against the formulas they were made from, and against the measurements.

#include "core/random/quantile_table.hpp"
#include "core/base/assert.hpp"
#include "core/random/distributions.hpp"
#include "core/random/random_stream.hpp"
#include "sim/world/delay_data.hpp"
#include "sim/world/delay_table.hpp"
#include "sim/world/planetlab.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <type_traits>

using namespace kadsim;

namespace {

constexpr double kMs = 1e6;
constexpr std::int64_t kScale = 100'000'000;

struct Formula {
  std::string name;
  QuantileTable table;
  double mean;
  std::function<double(double)> quantile;
};

// Of the standard normal distribution.
double normal_quantile(double p) {
  double low = -10;
  double high = 10;
  while (high - low > 1e-13) {
    const double middle = (low + high) / 2;
    (0.5 * std::erfc(-middle / std::sqrt(2.0)) < p ? low : high) = middle;
  }
  return low;
}

std::vector<Formula> formulas() {
  std::vector<Formula> all;
  all.push_back({"constant", constant(kScale), kScale, [](double) { return kScale; }});
  all.push_back({"uniform", uniform(kScale, 3 * kScale), 2 * kScale,
                 [](double p) { return kScale * (1 + 2 * p); }});
  all.push_back({"exponential", exponential(kScale), kScale,
                 [](double p) { return -kScale * std::log1p(-p); }});
  for (const double sigma : {0.1, 0.5, 1.0, 2.0}) {
    all.push_back({"lognormal " + std::to_string(sigma), lognormal(kScale, sigma),
                   kScale * std::exp(sigma * sigma / 2),
                   [sigma](double p) { return kScale * std::exp(sigma * normal_quantile(p)); }});
  }
  for (const double shape : {0.3, 0.5, 1.0, 1.5, 20.0}) {
    all.push_back({"weibull " + std::to_string(shape), weibull(shape, kScale),
                   kScale * std::tgamma(1 + 1 / shape),
                   [shape](double p) { return kScale * std::pow(-std::log1p(-p), 1 / shape); }});
  }
  return all;
}

std::int64_t at(const QuantileTable& table, double p) {
  return table.draw(static_cast<std::uint64_t>(p * 18446744073709551616.0));
}

}  // namespace

TEST_CASE("the mean is within 0.1 % of the formula, quantiles within 0.5 %", "[quantile_table]") {
  for (const Formula& formula : formulas()) {
    CAPTURE(formula.name);
    CHECK(std::abs(formula.table.mean() / formula.mean - 1) < 0.001);
    for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999}) {
      CAPTURE(p);
      CHECK(std::abs(static_cast<double>(at(formula.table, p)) / formula.quantile(p) - 1) < 0.005);
    }
  }
}

TEST_CASE(
    "a greater draw never gives a smaller value, and the extreme draws give the extreme values",
    "[quantile_table]") {
  for (const Formula& formula : formulas()) {
    CAPTURE(formula.name);
    std::int64_t last = formula.table.min();
    CHECK(formula.table.draw(0) == formula.table.min());
    // Steps that meet every octave from both ends.
    for (int shift = 0; shift < 63; ++shift) {
      const std::int64_t value = formula.table.draw(std::uint64_t{1} << shift);
      REQUIRE(value >= last);
      last = value;
    }
    for (int shift = 62; shift >= 0; --shift) {
      const std::int64_t value = formula.table.draw(~(std::uint64_t{1} << shift));
      REQUIRE(value >= last);
      last = value;
    }
    CHECK(last <= formula.table.max());
    CHECK(formula.table.draw(~std::uint64_t{0}) <= formula.table.max());
  }
}

TEST_CASE("drawn values have the mean of the table", "[quantile_table]") {
  const RandomStream stream(1, 0, "test");
  for (const Formula& formula : formulas()) {
    if (formula.name == "weibull 0.300000" || formula.name == "lognormal 2.000000")
      continue;  // too wide for a sample
    double sum = 0;
    for (std::uint64_t i = 0; i < 200'000; ++i)
      sum += static_cast<double>(formula.table.draw(stream.bits({i, 0, 0})));
    CAPTURE(formula.name);
    CHECK(std::abs(sum / 200'000 / formula.mean - 1) < 0.02);
  }
}

TEST_CASE("as many draws fall between two quantiles of a formula as should", "[quantile_table]") {
  const RandomStream stream(2, 0, "test");
  std::vector<double> cuts = {0.001};
  for (int i = 1; i < 16; ++i) cuts.push_back(i / 16.0);
  cuts.push_back(0.999);
  constexpr int kDraws = 200'000;
  for (const Formula& formula : formulas()) {
    // Nothing lies between values that are all the same, or that are all 0 once rounded.
    if (formula.name == "constant" || formula.name == "weibull 0.300000") continue;
    std::vector<double> cut_values;
    for (const double p : cuts) cut_values.push_back(formula.quantile(p));
    std::vector<int> seen(cuts.size() + 1, 0);
    for (std::uint64_t i = 0; i < kDraws; ++i) {
      const auto value = static_cast<double>(formula.table.draw(stream.bits({i, 1, 0})));
      const auto above = std::upper_bound(cut_values.begin(), cut_values.end(), value);
      ++seen[static_cast<std::size_t>(above - cut_values.begin())];
    }
    double chi_square = 0;
    for (std::size_t part = 0; part < seen.size(); ++part) {
      const double begin = part == 0 ? 0 : cuts[part - 1];
      const double end = part == cuts.size() ? 1 : cuts[part];
      const double off = seen[part] - kDraws * (end - begin);
      chi_square += off * off / (kDraws * (end - begin));
    }
    CAPTURE(formula.name);
    CHECK(chi_square < 45);  // 17 degrees of freedom: p = 0.0002
  }
}

TEST_CASE("a draw at a point of the grid is that point", "[quantile_table]") {
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
  const auto low = [](std::uint64_t d) { return static_cast<std::int64_t>(d / 4); };
  const auto high = [](std::uint64_t d) {
    return (std::int64_t{1} << 62) - static_cast<std::int64_t>(d / 4);
  };
  const QuantileTable line = QuantileTable::from_quantiles(low, high);
  for (std::size_t i = 1; i < QuantileTable::kPointsPerHalf; ++i) {
    const std::uint64_t d = QuantileTable::distance(i);
    REQUIRE(QuantileTable::distance(i - 1) < d);
    if (d == kHalf) continue;
    REQUIRE(line.draw(d) == low(d));
    REQUIRE(line.draw(~d) == high(d));
  }
  CHECK(QuantileTable::distance(QuantileTable::kPointsPerHalf - 1) == kHalf);
  CHECK(line.draw(kHalf) == low(kHalf));
}

TEST_CASE("a table is all of its integers, and neither negative nor decreasing",
          "[quantile_table]") {
  constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();
  const auto same = [](std::int64_t value) { return [value](std::uint64_t) { return value; }; };
  // The greatest mean there can be still fits.
  CHECK(QuantileTable::from_quantiles(same(kGreatest), same(kGreatest)).mean() == 0x1p63);
  const auto step = QuantileTable::from_quantiles(
      [&](std::uint64_t d) { return d < std::uint64_t{1} << 63 ? 0 : kGreatest; }, same(kGreatest));
  CHECK(step.min() == 0);
  CHECK(step.draw(~std::uint64_t{0}) == kGreatest);
  CHECK(step.at_least(5).min() == 5);
  CHECK(step.at_least(5).hash() != step.hash());
  CHECK(step.at_least(0).hash() == step.hash());
  CHECK_THROWS_AS(QuantileTable::from_quantiles(same(-1), same(-1)), AssertionError);
  CHECK_THROWS_AS(QuantileTable::from_quantiles(same(3), same(2)), AssertionError);
  CHECK_THROWS_AS(QuantileTable::from_quantiles(same(2), same(3)), AssertionError);
  const auto falling = [](std::uint64_t d) { return static_cast<std::int64_t>(~d >> 1); };
  CHECK_THROWS_AS(QuantileTable::from_quantiles(falling, falling), AssertionError);
  STATIC_REQUIRE_FALSE(std::is_default_constructible_v<QuantileTable>);
}

TEST_CASE("the greatest parameters that a scenario may give fit", "[quantile_table]") {
  const double minute = 60e9;
  CHECK(lognormal(60'000'000'000, 2).mean() == Approx(minute * std::exp(2.0)).epsilon(0.001));
  CHECK(weibull(0.3, 60'000'000'000).mean() ==
        Approx(minute * std::tgamma(1 + 1 / 0.3)).epsilon(0.001));
  CHECK(uniform(0, 3'600'000'000'000).max() == 3'600'000'000'000);
  // Where values are a few units, a quantile is off by the rounding and no more.
  CHECK(std::abs(static_cast<double>(at(lognormal(3, 1), 0.9)) - 10.81) < 1.5);
  CHECK_THROWS_AS(lognormal(std::int64_t{1} << 61, 1), AssertionError);
  CHECK_THROWS_AS(weibull(1, std::int64_t{1} << 61), AssertionError);
  CHECK_THROWS_AS(exponential(std::int64_t{1} << 61), AssertionError);
  CHECK_THROWS_AS(constant(std::int64_t{1} << 62), AssertionError);
}

TEST_CASE("tables are the same integers with every compiler", "[quantile_table]") {
  CHECK(constant(50'000'000).hash().hex().substr(0, 12) == "2f1f37920819");
  CHECK(uniform(10'000'000, 200'000'000).hash().hex().substr(0, 12) == "1d5732ddcf93");
  CHECK(exponential(kScale).hash().hex().substr(0, 12) == "4c8aaa6f4f36");
  CHECK(lognormal(kScale, 0.5).hash().hex().substr(0, 12) == "cba86e4e6dcc");
  CHECK(lognormal(kScale, 2).hash().hex().substr(0, 12) == "916935b406aa");
  CHECK(weibull(0.3, kScale).hash().hex().substr(0, 12) == "01e6e33796fb");
  CHECK(weibull(1.5, kScale).hash().hex().substr(0, 12) == "9237f4e0587e");
  CHECK(weibull(20, kScale).hash().hex().substr(0, 12) == "07e72bcb8247");
  CHECK(measured({30'000'000, 10'000'000, 20'000'000}).hash().hex().substr(0, 12) ==
        "6f0232df0c6c");
  CHECK(make_delay_table(delay::PlanetLab{}).hash().hex().substr(0, 12) == "eb166b75e130");
}

TEST_CASE("measured samples come back, linear between them", "[quantile_table]") {
  const QuantileTable table = measured({30, 10, 20});
  CHECK(table.min() == 10);
  CHECK(at(table, 0.25) == 15);
  CHECK(at(table, 0.5) == 20);
  CHECK(at(table, 0.75) == 25);
  CHECK(table.mean() == Approx(20).epsilon(0.001));
  CHECK(measured({7}).draw(12345) == 7);
}

TEST_CASE("parameters that no distribution has fail an assertion", "[quantile_table]") {
  CHECK_THROWS_AS(constant(-1), AssertionError);
  CHECK_THROWS_AS(uniform(2, 1), AssertionError);
  CHECK_THROWS_AS(uniform(-1, 1), AssertionError);
  CHECK_THROWS_AS(exponential(-1), AssertionError);
  const double not_a_number = std::numeric_limits<double>::quiet_NaN();
  for (const double sigma : {0.0, -1.0, 2.0000001, not_a_number}) {
    CHECK_THROWS_AS(lognormal(1, sigma), AssertionError);
  }
  for (const double shape : {0.29, 20.1, not_a_number}) {
    CHECK_THROWS_AS(weibull(shape, 1), AssertionError);
  }
  CHECK_THROWS_AS(lognormal(0, 1), AssertionError);
  CHECK_THROWS_AS(weibull(1, 0), AssertionError);
  CHECK_THROWS_AS(measured({}), AssertionError);
  CHECK_THROWS_AS(measured({-1, std::int64_t{1} << 61}), AssertionError);
  CHECK_THROWS_AS(from_points({{0, 1}}), AssertionError);
  CHECK_THROWS_AS(from_points({{1, 1}, {QuantilePoint::kOne, 4}}), AssertionError);
  CHECK_THROWS_AS(from_points({{0, 1}, {QuantilePoint::kOne - 1, 4}}), AssertionError);
  CHECK_THROWS_AS(from_points({{0, 1}, {5, 2}, {5, 3}, {QuantilePoint::kOne, 4}}), AssertionError);
  CHECK_THROWS_AS(from_points({{0, 5}, {QuantilePoint::kOne, 4}}), AssertionError);
  CHECK_THROWS_AS(make_delay_table(delay::Matrix{}), AssertionError);
  CHECK_THROWS_AS(make_delay_table(delay::Regions{}), AssertionError);
}

TEST_CASE("no delay is below 2 ns", "[delay_table]") {
  CHECK(make_delay_table(delay::Constant{Duration()}).draw(1) == 2);
  CHECK(make_delay_table(delay::Uniform{Duration(), Duration::nanoseconds(4)}).min() == 2);
}

TEST_CASE("the shipped PlanetLab quantiles are those that were measured", "[planetlab]") {
  const QuantileTable table = make_delay_table(delay::PlanetLab{});
  // ../shared/data/README.md
  CHECK(table.mean() / kMs == Approx(148.0).epsilon(0.005));
  CHECK(static_cast<double>(at(table, 0.05)) / kMs == Approx(18.9).epsilon(0.005));
  CHECK(static_cast<double>(at(table, 0.25)) / kMs == Approx(59.7).epsilon(0.005));
  CHECK(static_cast<double>(at(table, 0.50)) / kMs == Approx(135.0).epsilon(0.005));
  CHECK(static_cast<double>(at(table, 0.75)) / kMs == Approx(205.3).epsilon(0.005));
  CHECK(static_cast<double>(at(table, 0.90)) / kMs == Approx(295.0).epsilon(0.005));
  CHECK(static_cast<double>(at(table, 0.99)) / kMs == Approx(436.1).epsilon(0.005));
}

TEST_CASE("the full PlanetLab matrix is read, and agrees with the shipped quantiles",
          "[planetlab]") {
  const std::string path = "../shared/data/planetlab490/PlanetLabData_9";
  if (!std::filesystem::exists(path)) {
    WARN("skipped: " << path << " is not there");
    return;
  }
  const LatencyMatrix matrix = read_latency_matrix(path, Duration::milliseconds(1));
  REQUIRE(matrix.size() == 490);
  std::vector<std::int64_t> off_diagonal;
  for (std::size_t from = 0; from < 490; ++from) {
    for (std::size_t to = 0; to < 490; ++to) {
      REQUIRE(matrix.at(from, to) == matrix.at(to, from));
      if (from != to) off_diagonal.push_back(matrix.at(from, to).ns());
    }
  }
  const QuantileTable all = measured(off_diagonal);
  const QuantileTable shipped = make_delay_table(delay::PlanetLab{});
  CHECK(shipped.mean() == Approx(all.mean()).epsilon(0.0005));
  // Within 0.5 %, or 50 us where delays are below 10 ms.
  for (int permille = 1; permille < 1000; ++permille) {
    CHECK(
        static_cast<double>(at(shipped, permille / 1000.0)) ==
        Approx(static_cast<double>(at(all, permille / 1000.0))).epsilon(0.005).margin(0.05 * kMs));
  }
  for (const double p : {0.9992, 0.9995, 0.9998, 0.9999, 0.99999}) {
    CHECK(static_cast<double>(at(shipped, p)) ==
          Approx(static_cast<double>(at(all, p))).epsilon(0.005));
  }
}

// Tables against the formulas they were made from, and against the measurements.

#include "core/base/assert.hpp"
#include "core/random/distributions.hpp"
#include "core/random/random_stream.hpp"
#include "sim/world/delay_data.hpp"
#include "sim/world/delay_table.hpp"
#include "sim/world/planetlab.hpp"
#include "tests/catch.hpp"

#include <cmath>
#include <filesystem>
#include <functional>

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

TEST_CASE("a greater draw never gives a smaller value, and the ends are the ends",
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

TEST_CASE("tables are the same integers with every compiler", "[quantile_table]") {
  CHECK(constant(50'000'000).hash().hex().substr(0, 12) == "2f1f37920819");
  CHECK(uniform(10'000'000, 200'000'000).hash().hex().substr(0, 12) == "1d5732ddcf93");
  CHECK(exponential(kScale).hash().hex().substr(0, 12) == "4c8aaa6f4f36");
  CHECK(lognormal(kScale, 0.5).hash().hex().substr(0, 12) == "cba86e4e6dcc");
  CHECK(lognormal(kScale, 2).hash().hex().substr(0, 12) == "916935b406aa");
  CHECK(weibull(0.3, kScale).hash().hex().substr(0, 12) == "01e6e33796fb");
  CHECK(weibull(1.5, kScale).hash().hex().substr(0, 12) == "9237f4e0587e");
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

TEST_CASE("parameters that no distribution has are our own mistake", "[quantile_table]") {
  CHECK_THROWS_AS(constant(-1), AssertionError);
  CHECK_THROWS_AS(uniform(2, 1), AssertionError);
  CHECK_THROWS_AS(lognormal(1, 0), AssertionError);
  CHECK_THROWS_AS(weibull(0.1, 1), AssertionError);
  CHECK_THROWS_AS(measured({}), AssertionError);
  CHECK_THROWS_AS(from_points({{0, 5}, {QuantilePoint::kOne, 4}}), AssertionError);
  CHECK_THROWS_AS(make_delay_table(delay::Matrix{}), AssertionError);
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
  CHECK(shipped.mean() == Approx(all.mean()).epsilon(0.005));
  // Within 0.5 %, or 50 us where delays are below 10 ms.
  for (int permille = 1; permille < 1000; ++permille) {
    CHECK(
        static_cast<double>(at(shipped, permille / 1000.0)) ==
        Approx(static_cast<double>(at(all, permille / 1000.0))).epsilon(0.005).margin(0.05 * kMs));
  }
}

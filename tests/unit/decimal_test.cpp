#include "sim/measure/decimal.hpp"

#include "core/base/assert.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <locale>
#include <string>

using namespace kadsim;

namespace {

// A locale with a decimal comma and grouping, whatever locales the machine has.
struct CommaAndGroups : std::numpunct<char> {
  char do_decimal_point() const override { return ','; }
  char do_thousands_sep() const override { return '.'; }
  std::string do_grouping() const override { return "\3"; }
};

}  // namespace

TEST_CASE("milliseconds keep every nanosecond", "[decimal]") {
  CHECK(format_ms(0).view() == "0.000000");
  CHECK(format_ms(1).view() == "0.000001");
  CHECK(format_ms(-1).view() == "-0.000001");
  CHECK(format_ms(123'456'789).view() == "123.456789");
  CHECK(format_ms(1'000'000'000).view() == "1000.000000");
  CHECK(format_ms(std::numeric_limits<std::int64_t>::max()).view() == "9223372036854.775807");
  CHECK(format_ms(std::numeric_limits<std::int64_t>::min()).view() == "-9223372036854.775808");
}

TEST_CASE("ratios are rounded half up at the last decimal", "[decimal]") {
  CHECK(format_ratio(0, 7, 3).view() == "0.000");
  CHECK(format_ratio(2, 3, 3).view() == "0.667");
  CHECK(format_ratio(1, 3, 18).view() == "0.333333333333333333");
  CHECK(format_ratio(1, 2, 0).view() == "1");
  CHECK(format_ratio(49, 100, 0).view() == "0");
  CHECK(format_ratio(5, 1000, 2).view() == "0.01");
  CHECK(format_ratio(4'999, 1'000'000, 2).view() == "0.00");
  CHECK(format_ratio(999'999, 1'000'000, 3).view() == "1.000");
  CHECK(format_ratio(99'995, 10'000, 3).view() == "10.000");
}

TEST_CASE("a ratio times a power of ten is the nearest integer", "[decimal]") {
  const RandomStream stream(1, 0, "decimal_test");
  RandomSequence random(stream, {});
  for (int i = 0; i < 2'000; ++i) {
    const std::uint64_t denominator = 1 + random.below(1'000'000);
    const std::uint64_t numerator = random.below(1'000'000'000);
    const std::uint64_t rounded = (numerator * 2'000 + denominator) / (2 * denominator);
    CHECK(format_ratio(numerator, denominator, 3).view() ==
          fmt::format("{}.{:03}", rounded / 1000, rounded % 1000));
  }
}

TEST_CASE("ratios hold at the ends of 128 bits", "[decimal]") {
  const Wide most = ~Wide{0};
  CHECK(format_ratio(most, 1, 18).view() ==
        "340282366920938463463374607431768211455.000000000000000000");
  CHECK(format_ratio((Wide{1} << 124) - 1, (Wide{1} << 124) - 1, 18).view() ==
        "1.000000000000000000");
  CHECK_THROWS_AS(format_ratio(1, 0, 3), AssertionError);
  CHECK_THROWS_AS(format_ratio(1, Wide{1} << 124, 3), AssertionError);
  CHECK_THROWS_AS(format_ratio(1, 3, 19), AssertionError);
}

TEST_CASE("doubles are printed with nine significant digits", "[decimal]") {
  CHECK(format_double9(0.0).view() == "0");
  CHECK(format_double9(-0.0).view() == "0");
  CHECK(format_double9(0.1).view() == "0.1");
  CHECK(format_double9(-1.0 / 3.0).view() == "-0.333333333");
  CHECK(format_double9(2.0 / 3.0).view() == "0.666666667");
  CHECK(format_double9(1e20).view() == "1e+20");
  CHECK(format_double9(std::numeric_limits<double>::denorm_min()).view() == "4.94065646e-324");
  CHECK(format_double9(-std::numeric_limits<double>::max()).view() == "-1.79769313e+308");
  CHECK_THROWS_AS(format_double9(std::numeric_limits<double>::infinity()), AssertionError);
  CHECK_THROWS_AS(format_double9(std::numeric_limits<double>::quiet_NaN()), AssertionError);
}

TEST_CASE("no locale changes a printed number", "[decimal]") {
  const std::locale before = std::locale::global(std::locale(std::locale(), new CommaAndGroups));
  const std::string ms = format_ms(1'234'567'890).str();
  const std::string ratio = format_ratio(12'345, 10, 1).str();
  const std::string real = format_double9(1234.5).str();
  std::locale::global(before);
  CHECK(ms == "1234.567890");
  CHECK(ratio == "1234.5");
  CHECK(real == "1234.5");
}

TEST_CASE("numbers for people are grouped by thousands", "[decimal]") {
  CHECK(format_grouped(0) == "0");
  CHECK(format_grouped(999) == "999");
  CHECK(format_grouped(1000) == "1,000");
  CHECK(format_grouped(1234567) == "1,234,567");
  CHECK(format_grouped(18446744073709551615U) == "18,446,744,073,709,551,615");
}

#include "sim/scenario/duration_text.hpp"
#include "sim/scenario/near_name.hpp"
#include "sim/scenario/number_text.hpp"
#include "tests/catch.hpp"

#include <array>
#include <limits>
#include <string>

using namespace kadsim;

TEST_CASE("whole numbers are exact and never rounded", "[scenario]") {
  constexpr std::uint64_t kMax = std::numeric_limits<std::uint64_t>::max();
  CHECK(read_whole("18446744073709551615", 0, kMax).value == kMax);
  CHECK(read_whole("1e6", 0, kMax).value == 1'000'000);
  CHECK(read_whole("5.0", 0, kMax).value == 5);
  CHECK(read_whole("1500e-2", 0, kMax).value == 15);
  CHECK(read_whole("-0", 0, kMax).value == 0);
  CHECK(read_whole("0e999999999999", 0, kMax).value == 0);
  CHECK(read_whole("3.7", 0, kMax).fault == "is not a whole number");
  CHECK(read_whole("1e-400", 0, kMax).fault == "is not a whole number");
  CHECK(read_whole("18446744073709551616", 0, kMax).fault == "is out of range");
  CHECK(read_whole("1e400", 0, kMax).fault == "is out of range");
  CHECK(read_whole("1e99999999999999999999", 0, kMax).fault == "is out of range");
  CHECK(read_whole("-1", 0, kMax).fault == "is out of range");
  CHECK(read_whole("0", 1, 10).fault == "is out of range");
  CHECK(read_whole("11", 1, 10).fault == "is out of range");
}

TEST_CASE("a rate is the exact ratio that its decimals say", "[scenario]") {
  const auto ratio = [](std::string_view text, std::uint64_t numerator, std::uint64_t denominator) {
    const auto rate = read_rate(text);
    REQUIRE(rate.value);
    CHECK(rate.value->numerator() == numerator);
    CHECK(rate.value->denominator() == denominator);
  };
  ratio("0.15", 15, 100);
  ratio("0.150", 15, 100);
  ratio("1e-3", 1, 1000);
  ratio("1", 1, 1);
  ratio("1.0", 1, 1);
  ratio("0", 0, 1);
  ratio("-0.0", 0, 1);
  ratio("0.999999999999999999", 999'999'999'999'999'999, 1'000'000'000'000'000'000);
  CHECK(read_rate("1.5").fault == "is out of range");
  CHECK(read_rate("1.000000000000000000001").fault == "is out of range");
  CHECK(read_rate("-0.1").fault == "is out of range");
  CHECK(read_rate("1e400").fault == "is out of range");
  CHECK(read_rate("1e-400").fault == "has more than 18 decimals");

  for (const std::string text : {"0", "1", "0.15", "0.5", "0.000000000000000001", "0.3316"}) {
    CHECK(format_rate(*read_rate(text).value) == text);
  }
  CHECK(format_rate(Probability(1, 3)) == "0.333333333333333333");
  CHECK(format_rate(Probability(15, 100)) == "0.15");
  CHECK(format_rate(Probability(3, 8)) == "0.375");
}

TEST_CASE("reals are printed with as few digits as bring them back", "[scenario]") {
  for (const double value : {0.1, 1.0, 2.5, 1e9, 1e-300, 0.1 + 0.2}) {
    CHECK(read_real(format_real(value)).value == value);
  }
  CHECK(format_real(0.5) == "0.5");
  CHECK(format_real(1) == "1");
  CHECK(read_real("1e400").fault == "is out of range");
}

TEST_CASE("durations are whole nanoseconds with a unit", "[scenario]") {
  CHECK(read_duration("50ms").value == Duration::milliseconds(50));
  CHECK(read_duration("0.5ms").value == Duration::microseconds(500));
  CHECK(read_duration("1.5 h").value == Duration::minutes(90));
  CHECK(read_duration("7ns").value == Duration::nanoseconds(7));
  CHECK(read_duration("0s").value == Duration());
  CHECK(read_duration("9223372036854775807ns").value == Duration::max());
  CHECK(read_duration("5").fault == "has no unit");
  CHECK(read_duration("5 parsecs").fault == "has no unit that is known here (\"parsecs\")");
  CHECK(read_duration("5MS").fault == "has no unit that is known here (\"MS\")");
  CHECK(read_duration("1e3ms").fault == "has no unit that is known here (\"e3ms\")");
  CHECK(read_duration("-1s").fault == "is negative");
  CHECK(read_duration("9223372036854775808ns").fault == "is longer than 292 years");
  CHECK(read_duration("3000000h").fault == "is longer than 292 years");
  CHECK(read_duration("0.5ns").fault == "is not a whole number of nanoseconds");
  CHECK(read_duration("0." + std::string(100'000, '3') + "h").fault ==
        "is not a whole number of nanoseconds");
  for (const char* text : {"", "ms", "1.s", ".5s", "1..5s", " 1s", "+1s", "NaN"}) {
    INFO(text);
    CHECK(read_duration(text).fault == "is not a duration");
  }
}

TEST_CASE("a duration is printed in the greatest unit that divides it", "[scenario]") {
  for (const char* text :
       {"50ms", "1500us", "2s", "1m", "1h", "90m", "1ns", "1001us", "36h", "0s"}) {
    CHECK(format_duration(*read_duration(text).value) == text);
  }
  CHECK(format_duration(Duration::max()) == "9223372036854775807ns");
  CHECK(format_duration(Duration::milliseconds(120'000)) == "2m");
}

TEST_CASE("a misspelt name finds the name that was meant", "[scenario]") {
  constexpr std::array<std::string_view, 4> kNames = {"alpha", "beta", "k", "rpc_timeout"};
  CHECK(nearest_name("alhpa", kNames) == "alpha");
  CHECK(nearest_name("Alpha", kNames) == "alpha");
  CHECK(nearest_name("bta", kNames) == "beta");
  CHECK(nearest_name("rpc-timeout", kNames) == "rpc_timeout");
  CHECK(nearest_name("timeout", kNames).empty());
  CHECK(nearest_name("", kNames).empty());
  CHECK(nearest_name(std::string(1'000'000, 'k'), kNames).empty());
  CHECK(did_you_mean("alhpa", kNames) == "\ndid you mean \"alpha\"?");
  CHECK(did_you_mean("omega3", kNames).empty());
}

#include "core/resource/edge_priority.hpp"
#include "core/random/random_stream.hpp"
#include "core/resource/token_bucket.hpp"
#include "tests/catch.hpp"

#include <boost/multiprecision/cpp_int.hpp>

#include <utility>

using namespace kadsim;

TEST_CASE("products of edge priorities compare as exact fractions do", "[resource]") {
  const RandomStream stream(1, 0, "edge priority");
  RandomSequence random(stream, {});
  // A product and the same as a whole number of 65536^-20.
  const auto draw = [&] {
    PathPriority path;
    boost::multiprecision::cpp_int exact = 1;
    exact <<= 320;
    for (std::uint64_t length = random.below(20); length > 0; --length) {
      constexpr std::uint32_t kValues[] = {65536, 65535, 32768, 49152, 3, 1, 46341};
      const std::uint32_t numerator = random.below(40) == 0 ? 0 : kValues[random.below(7)];
      path = path * EdgePriority::of(numerator);
      exact = (exact * numerator) >> 16;
    }
    return std::pair(path, exact);
  };
  for (int i = 0; i < 20'000; ++i) {
    const auto [a, exact_a] = draw();
    const auto [b, exact_b] = draw();
    REQUIRE((a < b) == (exact_a < exact_b));
    REQUIRE((a == b) == (exact_a == exact_b));
    REQUIRE(a.zero() == (exact_a == 0));
  }
}

TEST_CASE("a priority reads as its digits", "[resource]") {
  REQUIRE(PathPriority().text() == "1");
  REQUIRE((PathPriority() * EdgePriority::of(32768)).text() == "0.32768");
  REQUIRE((PathPriority() * EdgePriority::of(0)).text() == "0");
  REQUIRE((PathPriority() * EdgePriority::of(32768)).approximate() == 0.5);
  REQUIRE_THROWS_AS(EdgePriority::of(65537), AssertionError);
}

TEST_CASE("a token bucket gives in any span no more than its burst and what flowed in",
          "[resource]") {
  const RandomStream stream(1, 0, "token bucket");
  RandomSequence random(stream, {});
  for (int round = 0; round < 200; ++round) {
    const auto rate = static_cast<Units>(1 + random.below(50));
    const auto burst = static_cast<Units>(1 + random.below(20));
    SimTime now;
    TokenBucket bucket(rate, burst, now);
    // Level in billionths of a unit, counted step by step.
    std::int64_t level = burst * 1'000'000'000;
    for (int step = 0; step < 200; ++step) {
      const auto pause = Duration::nanoseconds(
          static_cast<std::int64_t>(random.below(std::uint64_t{1} << (1 + random.below(28)))));
      now += pause;
      level = std::min(burst * 1'000'000'000, level + (rate * pause.ns()));
      REQUIRE(bucket.available(now) == level / 1'000'000'000);
      const auto wanted = static_cast<Units>(1 + random.below(static_cast<std::uint64_t>(burst)));
      const auto ready = bucket.time_of(wanted, now);
      REQUIRE(ready.has_value());
      if (*ready > now) {
        REQUIRE(bucket.available(*ready) >= wanted);
        REQUIRE(bucket.available(*ready - Duration::nanoseconds(1)) < wanted);
      } else {
        bucket.take(wanted, now);
        level -= wanted * 1'000'000'000;
      }
    }
    REQUIRE_FALSE(bucket.time_of(burst + 1, now).has_value());
  }
}

TEST_CASE("a token bucket bears the largest rates and spans of time", "[resource]") {
  TokenBucket bucket(kUnlimited, kUnlimited, SimTime{});
  bucket.take(kUnlimited, SimTime{});
  REQUIRE(bucket.available(SimTime{}) == 0);
  REQUIRE(bucket.available(SimTime::at(Duration::seconds(1))) == kUnlimited);
  REQUIRE(bucket.available(SimTime::max()) == kUnlimited);
  TokenBucket dry(0, 5, SimTime{});
  dry.take(5, SimTime{});
  REQUIRE_FALSE(dry.time_of(1, SimTime::at(Duration::hours(1))).has_value());
}

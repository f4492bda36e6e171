#include "core/time/time.hpp"

#include "tests/catch.hpp"

#include <concepts>

using namespace kadsim;

template <class A, class B>
concept Addable = requires(A a, B b) {
  a + b;
};

static_assert(!Addable<SimTime, SimTime>, "two points of time do not add");
static_assert(Addable<SimTime, Duration>);
static_assert(!std::convertible_to<std::int64_t, Duration>, "a raw number has no unit");
static_assert(!std::convertible_to<Duration, SimTime>);

TEST_CASE("durations name their unit", "[time]") {
  CHECK(Duration::milliseconds(50) == Duration::microseconds(50'000));
  CHECK(Duration::hours(1) == Duration::minutes(60));
  CHECK(Duration::seconds(2) / 4 == Duration::milliseconds(500));
  CHECK(SimTime::at(Duration::seconds(3)) - SimTime::at(Duration::seconds(1)) ==
        Duration::seconds(2));
}

TEST_CASE("overflow of virtual time is an assertion, not a wrong number", "[time]") {
  CHECK_THROWS_AS(SimTime::max() + Duration::nanoseconds(1), AssertionError);
  CHECK_THROWS_AS(Duration::max() + Duration::nanoseconds(1), AssertionError);
  CHECK_THROWS_AS(Duration::hours(1) * (std::int64_t{1} << 40), AssertionError);
  CHECK_THROWS_AS(Duration::hours(std::int64_t{1} << 40), AssertionError);
  CHECK_THROWS_AS(-Duration::nanoseconds(std::numeric_limits<std::int64_t>::min()), AssertionError);
}

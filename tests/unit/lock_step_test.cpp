// Lock-step rounds, and what a window gains over them.

#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

using Peers = LookupLine::Peers;

LookupLine line_of(const std::string& strategy, unsigned alpha) {
  LookupLine line(strategy, 20);
  line.options.alpha = alpha;
  return line;
}

}  // namespace

TEST_CASE("the third attempt starts at 1 with a window, at 10 in lock step", "[lock_step]") {
  // REFERENCES.md R4: alpha 2, answers take 1, 10, 1, 1, 1 time units.
  const std::map<std::uint32_t, Duration> took = {
      {0, ms(1)}, {1, ms(10)}, {2, ms(1)}, {3, ms(1)}, {4, ms(1)}};
  CHECK(line_of("sliding-window", 2).play(took) ==
        std::map<std::uint32_t, Duration>{
            {0, ms(0)}, {1, ms(0)}, {2, ms(1)}, {3, ms(2)}, {4, ms(3)}});
  CHECK(line_of("lock-step", 2).play(took) ==
        std::map<std::uint32_t, Duration>{
            {0, ms(0)}, {1, ms(0)}, {2, ms(10)}, {3, ms(10)}, {4, ms(11)}});
}

TEST_CASE("two answers in 10 ms and one in 500 ms leave slots idle for 490 ms in lock step",
          "[lock_step]") {
  const std::map<std::uint32_t, Duration> took = {
      {0, ms(10)}, {1, ms(500)}, {2, ms(10)}, {3, ms(10)}, {4, ms(10)}};
  const auto window = line_of("sliding-window", 3).play(took);
  const auto rounds = line_of("lock-step", 3).play(took);
  CHECK(window.at(3) == ms(10));
  CHECK(rounds.at(3) == ms(500));
  CHECK(rounds.at(3) - window.at(3) == ms(490));
}

TEST_CASE("a contact heard of in a round waits for the next, even if the round was short",
          "[lock_step]") {
  LookupLine line = line_of("lock-step", 3);
  line.start({5, 6});
  CHECK(line.asked() == Peers{5, 6});
  line.answer(5, {1, 2, 3, 4});
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.fail(6);
  CHECK(line.asked() == Peers{1, 2, 3});
}

TEST_CASE("the stop rule is looked at within a round as well", "[lock_step]") {
  for (const char* strategy : {"lock-step", "sliding-window"}) {
    LookupLine line = line_of(strategy, 3);
    line.options.beta = 2;
    line.start({0, 1, 2});
    CHECK(line.asked() == Peers{0, 1, 2});
    line.answer(1);
    line.asked();
    CHECK(line.waits());
    line.answer(0);
    line.asked();
    CHECK(line.finished(LookupEnd::kComplete));
  }
}

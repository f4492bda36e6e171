// The adaptive window, driven by hand.

#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr Duration kTick = Duration::nanoseconds(1);

using Peers = LookupLine::Peers;

LookupLine line_of(unsigned alpha, unsigned beta) {
  LookupLine line("adaptive", 60);
  line.options.alpha = alpha;
  line.options.beta = beta;
  return line;
}

}  // namespace

TEST_CASE("the window doubles with each answer without progress, and progress sets it back",
          "[adaptive]") {
  LookupLine line = line_of(1, 30);
  Peers seeds;
  for (std::uint32_t i = 10; i < 50; ++i) seeds.push_back(i);
  line.start(seeds);
  CHECK(line.asked() == Peers{10});
  line.answer(10, {55});  // unknown, but not among the beta nearest
  CHECK(line.asked() == Peers{11, 12});
  line.answer(11);
  CHECK(line.asked() == Peers{13, 14, 15});
  line.fail(12);
  CHECK(line.asked() == Peers{16});
  line.answer(13, {1});  // progress: window 1, three under way
  line.answer(14, {2});
  line.answer(15, {3});
  CHECK(line.asked().empty());
  line.fail(16);
  CHECK(line.asked() == Peers{1});
}

TEST_CASE("the window never exceeds max(alpha, k)", "[adaptive]") {
  LookupLine line = line_of(1, 100);
  line.options.k = 5;
  Peers seeds;
  for (std::uint32_t i = 0; i < 50; ++i) seeds.push_back(i);
  line.start(seeds);
  CHECK(line.asked() == Peers{0});
  for (std::uint32_t i = 0; i < 5; ++i) {
    line.answer(i);
    line.asked();
  }
  line.answer(5);
  CHECK(line.asked().size() == 1);
  // Nor do overdue contacts add to it.
  CHECK(line.asked_at(line.now + Duration::seconds(60)).empty());
}

TEST_CASE("before the first answer a contact is overdue after a second", "[adaptive]") {
  LookupLine line = line_of(1, 2);
  line.start({0, 1, 2, 3});
  CHECK(line.asked() == Peers{0});
  CHECK(line.last.until == SimTime() + Duration::seconds(1));
  CHECK(line.asked_at(SimTime() + Duration::seconds(1) - kTick).empty());
  CHECK(line.asked_at(SimTime() + Duration::seconds(1)) == Peers{1});
  CHECK(line.asked_at(SimTime() + Duration::seconds(1) + kTick).empty());
}

TEST_CASE("afterwards when it takes longer than mean and four deviations", "[adaptive]") {
  LookupLine line = line_of(1, 4);
  line.start({0, 1, 2, 3});
  line.asked();
  line.now = SimTime() + ms(100);
  line.answer(0, {10});  // mean 100 ms, deviation 50 ms; no new contact among the four: window 2
  CHECK(line.asked() == Peers{1, 2});
  CHECK(line.last.until == line.now + ms(300));
  line.now += ms(60);
  line.answer(1);  // 60 ms: deviation 50 - 10 / 4 = 47.5 ms, mean 100 - 40 / 8 = 95 ms
  CHECK(line.asked() == Peers{3});
  CHECK(line.last.kind == LookupStep::Kind::kWait);
  line.start({0, 1});  // the next lookup measures anew
  CHECK(line.asked() == Peers{0});
  CHECK(line.last.until == line.now + Duration::seconds(1));
}

TEST_CASE("no contact is asked that the stop rule would not ask for", "[adaptive]") {
  LookupLine line = line_of(4, 2);
  line.start({0, 1, 2, 3});
  CHECK(line.asked() == Peers{0, 1});
  line.fail(0);
  CHECK(line.asked() == Peers{2});
  CHECK(line.last.until == SimTime() + Duration::seconds(1));
  CHECK(line.asked_at(SimTime() + Duration::seconds(1)) == Peers{3});  // 1 and 2 are overdue
  line.answer(2);
  line.answer(3);
  CHECK(line.asked().empty());
  CHECK(line.waits());  // 1 is nearer
  line.fail(1);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
}

// go-kademlia's query, driven by hand.

#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"

using namespace kadsim;

namespace {

constexpr Duration kTick = Duration::nanoseconds(1);
constexpr Duration kLimit = Duration::minutes(1);
const SimTime kDeadline = SimTime() + kLimit;

using Peers = LookupLine::Peers;

LookupLine line_of(unsigned alpha) {
  LookupLine line("go-kademlia", 30);
  line.options.alpha = alpha;
  return line;
}

}  // namespace

TEST_CASE("a contact is given up strictly after its deadline, and its place is free",
          "[go_kademlia]") {
  LookupLine line = line_of(1);
  line.start({0, 1});
  CHECK(line.asked() == Peers{0});
  CHECK(line.last.until == kDeadline + kTick);
  CHECK(line.asked_at(kDeadline - kTick).empty());
  CHECK(line.asked_at(kDeadline).empty());
  CHECK(line.waits());
  CHECK(line.asked_at(kDeadline + kTick) == Peers{1});
}

TEST_CASE("a time-out gives capacity back", "[go_kademlia]") {
  // As in its own test: a limit of 3 minutes, a clock that goes by minutes.
  LookupLine line = line_of(2);
  line.options.contact_timeout = Duration::minutes(3);
  line.start({0, 1, 2});
  CHECK(line.asked() == Peers{0, 1});
  CHECK(line.asked_at(SimTime() + Duration::minutes(1)).empty());
  CHECK(line.asked_at(SimTime() + Duration::minutes(2)).empty());
  CHECK(line.asked_at(SimTime() + Duration::minutes(4)) == Peers{2});
}

TEST_CASE("an overdue contact is not noticed behind a nearer one that is not overdue",
          "[go_kademlia]") {
  LookupLine line = line_of(2);
  line.start({5, 9});
  CHECK(line.asked() == Peers{5, 9});
  line.now += Duration::seconds(30);
  line.answer(5, {2, 11, 12});
  CHECK(line.asked() == Peers{2});
  CHECK(line.last.until == kDeadline + kTick);
  // 9 is out of time, but 2 is nearer, is not, and both places are taken.
  CHECK(line.asked_at(kDeadline + kTick).empty());
  CHECK(line.last.until == kDeadline + Duration::seconds(30) + kTick);
  line.answer(2);
  CHECK(line.asked() == Peers{11, 12});  // 9's place as well
}

TEST_CASE("a late answer counts, and what it names is learnt", "[go_kademlia]") {
  LookupLine line = line_of(1);
  line.start({5, 6});
  line.asked();
  CHECK(line.asked_at(kDeadline + kTick) == Peers{6});
  line.answer(5, {1});
  line.answer(6);
  CHECK(line.asked() == Peers{1});
  line.answer(1);
  line.asked();
  CHECK(line.finished(LookupEnd::kExhausted));
  CHECK(line.result_peers() == Peers{1, 5, 6});
  CHECK(line.result()[1].answered);
}

TEST_CASE("a failure that comes late changes nothing", "[go_kademlia]") {
  LookupLine line = line_of(1);
  line.start({5, 6});
  line.asked();
  CHECK(line.asked_at(kDeadline + kTick) == Peers{6});
  line.fail(5);
  CHECK(line.asked().empty());
  line.answer(6);
  line.asked();
  CHECK(line.finished(LookupEnd::kExhausted));
  CHECK(line.result_peers() == Peers{6});
}

TEST_CASE("it is complete when the wanted number answered and no nearer contact is under way",
          "[go_kademlia]") {
  LookupLine line = line_of(3);
  line.options.results = 2;
  line.start({0, 1, 2});
  CHECK(line.asked() == Peers{0, 1, 2});
  line.answer(1);
  line.answer(2);
  CHECK(line.asked().empty());
  CHECK(line.waits());
  SECTION("the nearest answers") { line.answer(0); }
  SECTION("the nearest fails") { line.fail(0); }
  SECTION("the nearest is given up") { line.now = kDeadline + kTick; }
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
}

TEST_CASE("the origin is never asked", "[go_kademlia]") {
  LookupLine line = line_of(3);
  line.start({4});
  line.asked();
  line.answer(4, {line.origin().value});
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kExhausted));
}

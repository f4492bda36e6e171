// The lookup of the Kademlia paper, driven by hand.

#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"

using namespace kadsim;

namespace {

using Peers = LookupLine::Peers;

LookupLine line_of(unsigned alpha, unsigned k) {
  LookupLine line("kademlia-2002", 60);
  line.options.alpha = alpha;
  line.options.k = k;
  return line;
}

}  // namespace

TEST_CASE("after a round that brought no nearer contact, all of the k nearest are asked",
          "[kademlia_2002]") {
  LookupLine line = line_of(2, 5);
  line.start({10, 11, 12, 13, 14, 15});
  CHECK(line.asked() == Peers{10, 11});
  line.answer(10, {20});
  CHECK(line.asked().empty());
  line.answer(11, {9});  // nearer
  CHECK(line.asked() == Peers{9, 12});
  line.answer(9, {16});
  line.answer(12, {10});
  CHECK(line.asked() == Peers{13});  // the k nearest are 9 to 13
  line.answer(13);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
}

TEST_CASE("a round that brought a nearer contact is followed by one of alpha", "[kademlia_2002]") {
  LookupLine line = line_of(2, 5);
  line.start({10, 11, 12, 13, 14, 15});
  line.asked();
  line.answer(10);
  line.fail(11);
  CHECK(line.asked() == Peers{12, 13, 14, 15});
  line.answer(12, {1, 2, 3});
  for (const std::uint32_t peer : {13U, 14U, 15U}) line.answer(peer);
  CHECK(line.asked() == Peers{1, 2});
}

TEST_CASE("it is exhausted when fewer than k answer and no contact is left", "[kademlia_2002]") {
  LookupLine line = line_of(2, 3);
  line.start({0, 1, 2});
  CHECK(line.asked() == Peers{0, 1});
  line.answer(0);
  line.fail(1);
  CHECK(line.asked() == Peers{2});
  line.answer(2);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kExhausted));
}

TEST_CASE("a contact that does not answer quickly is left out until it does", "[kademlia_2002]") {
  constexpr Duration kLimit = Duration::seconds(2);
  constexpr Duration kTick = Duration::nanoseconds(1);
  for (const Duration at : {kLimit - kTick, kLimit, kLimit + kTick}) {
    LookupLine line = line_of(1, 2);
    line.options.contact_timeout = kLimit;
    line.start({0, 1, 2});
    CHECK(line.asked() == Peers{0});
    CHECK(line.last.until == SimTime() + kLimit);
    CHECK(line.asked_at(SimTime() + at) == (at < kLimit ? Peers{} : Peers{1, 2}));
    if (at < kLimit) continue;
    line.answer(1);
    CHECK(line.asked().empty());
    CHECK(line.waits());
    line.answer(0);  // late: 0 and 1 are the two nearest, and have answered
    CHECK(line.asked().empty());
    CHECK(line.finished(LookupEnd::kComplete));
    CHECK(line.result_peers() == Peers{0, 1, 2});
  }
}

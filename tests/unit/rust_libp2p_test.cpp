// rust-libp2p's lookup and its disjoint paths, driven by hand.

#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"

using namespace kadsim;

namespace {

constexpr Duration kTick = Duration::nanoseconds(1);
constexpr Duration kLimit = Duration::seconds(10);
const SimTime kDeadline = SimTime() + kLimit;

using Peers = LookupLine::Peers;

LookupLine line_of(unsigned alpha, unsigned results, const std::string& name = "rust-libp2p") {
  LookupLine line(name, 60);
  line.options.alpha = alpha;
  line.options.results = results;
  return line;
}

}  // namespace

TEST_CASE("a contact is given up from its deadline on, and the next call uses its place",
          "[rust_libp2p]") {
  LookupLine line = line_of(1, 20);
  line.start({0, 1});
  CHECK(line.asked() == Peers{0});
  CHECK(line.last.until == kDeadline);
  CHECK(line.asked_at(kDeadline - kTick).empty());
  for (const Duration after : {Duration(), kTick}) {
    line.start({0, 1});
    CHECK(line.asked_at(SimTime()) == Peers{0});
    CHECK(line.asked_at(kDeadline + after).empty());
    CHECK(line.last.until == line.now);
    CHECK(line.asked() == Peers{1});
  }
}

TEST_CASE("an overdue contact behind a nearer one that is not overdue does not wake the lookup",
          "[rust_libp2p]") {
  LookupLine line = line_of(2, 20);
  line.start({5, 9, 11, 12});
  CHECK(line.asked() == Peers{5, 9});
  line.now += kLimit / 2;
  line.answer(5, {2});
  CHECK(line.asked() == Peers{2});
  CHECK(line.asked_at(kDeadline).empty());  // 9's; both places are taken, and 2 is nearer
  CHECK(line.last.until == kDeadline + kLimit / 2);
  line.answer(2);
  CHECK(line.asked() == Peers{11, 12});  // 9's place as well
}

TEST_CASE("alpha answers in a row without progress widen the window to the number of results",
          "[rust_libp2p]") {
  LookupLine line = line_of(2, 4);
  line.start({10, 11, 12, 13, 14, 15, 16, 17});
  CHECK(line.asked() == Peers{10, 11});
  line.answer(10, {20});  // unknown, but not among the four nearest
  CHECK(line.asked() == Peers{12});
  line.answer(11, {10});
  CHECK(line.asked() == Peers{13, 14, 15});  // 12 is under way: four
  line.answer(12, {3});                      // progress: back to two, and three are under way
  CHECK(line.asked().empty());
  line.answer(13);
  line.answer(14);  // stalled again by now
  CHECK(line.asked() == Peers{3, 16, 17});
}

TEST_CASE("failures neither stall a lookup nor are they progress", "[rust_libp2p]") {
  LookupLine line = line_of(2, 4);
  line.start({10, 11, 12, 13, 14, 15, 16, 17});
  line.asked();
  line.fail(10);
  line.fail(11);
  CHECK(line.asked() == Peers{12, 13});
  line.answer(12);
  line.fail(13);
  CHECK(line.asked() == Peers{14, 15});
  line.answer(14);  // the second answer without progress
  CHECK(line.asked() == Peers{16, 17});
}

TEST_CASE("an answer is progress as long as fewer than the wanted number are known",
          "[rust_libp2p]") {
  LookupLine line = line_of(1, 4);
  line.start({10, 11, 12});
  CHECK(line.asked() == Peers{10});
  line.answer(10);  // three known
  CHECK(line.asked() == Peers{11});
  line.answer(11, {20, 21, 22});  // progress, still
  CHECK(line.asked() == Peers{12});
  line.answer(12, {20});  // stalled, alpha being 1
  CHECK(line.asked() == Peers{20, 21, 22});
}

TEST_CASE("a late answer counts like another", "[rust_libp2p]") {
  LookupLine line = line_of(1, 2);
  line.start({0, 1});
  line.asked();
  line.asked_at(kDeadline);
  CHECK(line.asked() == Peers{1});
  line.answer(1);
  SECTION("it answers") {
    line.answer(0);
    line.asked();
    CHECK(line.finished(LookupEnd::kComplete));
    CHECK(line.result_peers() == Peers{0, 1});
  }
  SECTION("it does not") {
    line.asked();
    CHECK(line.finished(LookupEnd::kExhausted));
    CHECK(line.result_peers() == Peers{1});
  }
}

TEST_CASE("it cannot end while a nearer contact is under way", "[rust_libp2p]") {
  LookupLine line = line_of(3, 2);
  line.start({0, 1, 2});
  line.asked();
  line.answer(1);
  line.answer(2);
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.fail(0);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{1, 2});
}

TEST_CASE("paths are served in turn and share no contact", "[rust_libp2p]") {
  LookupLine line = line_of(2, 20, "rust-libp2p-disjoint");
  line.start({0, 1, 2, 3, 4, 5});
  // Path 0 asks 0; path 1 takes 0 for asked and asks 1; path 0 takes 1 for asked. Both are full.
  CHECK(line.asked() == Peers{0, 1});
  line.answer(0, {20});  // path 0 has a place, asks 2, and path 1 takes that for asked
  CHECK(line.asked() == Peers{2});
  line.answer(1, {30});
  CHECK(line.asked() == Peers{3});
}

TEST_CASE("what a contact names is learnt on the path that asked it only", "[rust_libp2p]") {
  LookupLine line = line_of(2, 3, "rust-libp2p-disjoint");
  line.start({10, 11});
  CHECK(line.asked() == Peers{10, 11});  // by path 0, by path 1
  line.answer(10, {1, 2});
  line.answer(11, {3});
  Peers asked = line.asked();
  CHECK(asked == Peers{1, 3, 2});
  for (const std::uint32_t peer : asked) line.answer(peer);
  CHECK(line.asked().empty());
  // Path 0 knows 1, 2, 10, 11: three nearest answered. Path 1 knows 3, 10, 11.
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{1, 2, 3});
}

TEST_CASE("a path that comes late to a contact hears how it ended", "[rust_libp2p]") {
  LookupLine line = line_of(2, 2, "rust-libp2p-disjoint");
  line.start({10, 11});
  line.asked();
  line.fail(10);
  line.answer(11, {1});
  CHECK(line.asked() == Peers{1});
  line.answer(1, {10});
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{1, 11});
}

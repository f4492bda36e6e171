// py-libp2p's rounds, and the window that was proposed for them.

#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"

#include <numeric>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
constexpr Duration kTick = Duration::nanoseconds(1);

using Peers = LookupLine::Peers;

// Peers first, first + 1, ..., last.
Peers range(std::uint32_t first, std::uint32_t last) {
  Peers peers(last - first + 1);
  std::iota(peers.begin(), peers.end(), first);
  return peers;
}

LookupLine line_of(unsigned alpha, unsigned results, const std::string& strategy = "py-libp2p") {
  LookupLine line(strategy, 60);
  line.options.alpha = alpha;
  line.options.results = results;
  return line;
}

void answer_all(LookupLine& line, const Peers& from, const Peers& named = {}) {
  for (const std::uint32_t peer : from) line.answer(peer, named);
}

}  // namespace

TEST_CASE("a round asks the first alpha, and is over when all have ended", "[py_libp2p]") {
  LookupLine line = line_of(2, 4);
  line.start({10, 11, 12, 13, 14});
  CHECK(line.asked() == Peers{10, 11});
  line.answer(10, {3});
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.fail(11);
  CHECK(line.asked() == Peers{3, 12});
}

TEST_CASE("an unchanged list ends it, though some on it were never asked", "[py_libp2p]") {
  LookupLine line = line_of(2, 4);
  line.start({0, 1, 2, 3});
  line.asked();
  answer_all(line, {0, 1}, {1, 2, 3, 7});  // 7 is farther than the four
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{0, 1, 2, 3});
  CHECK(line.result()[1].answered);
  CHECK_FALSE(line.result()[2].answered);
}

TEST_CASE("a round whose answers are empty ends it", "[py_libp2p]") {
  LookupLine line = line_of(2, 4);
  line.start({5, 6, 7});
  line.asked();
  line.answer(5, {line.origin().value});  // filtered, so empty
  line.fail(6);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
}

TEST_CASE("it goes on as long as rounds change the list", "[py_libp2p]") {
  LookupLine line = line_of(2, 3);
  line.start({5, 6});
  line.asked();
  line.fail(6);
  line.answer(5, {2});
  CHECK(line.asked() == Peers{2});
  line.answer(2, {1});
  CHECK(line.asked() == Peers{1});
  line.answer(1, {3});  // in the place of 5: {1, 2, 3}
  CHECK(line.asked() == Peers{3});
  line.answer(3, {1, 2, 5});
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{1, 2, 3});
}

TEST_CASE("without contacts there is no round", "[py_libp2p]") {
  LookupLine line = line_of(2, 3);
  line.start({});
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kExhausted));
}

TEST_CASE("it ends after max_rounds rounds", "[py_libp2p]") {
  LookupLine line = line_of(1, 4);
  line.options.max_rounds = 3;
  line.start({30});
  for (const std::uint32_t nearest : {30U, 29U, 28U}) {
    CHECK(line.asked() == Peers{nearest});
    line.answer(nearest, {nearest - 1});
  }
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{27, 28, 29, 30});
}

TEST_CASE("a contact that failed stays on the list", "[py_libp2p]") {
  LookupLine line = line_of(3, 3);
  line.start({0, 1, 2});
  line.asked();
  line.fail(0);
  answer_all(line, {1, 2}, {0});
  line.asked();
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{0, 1, 2});
}

TEST_CASE("a contact is given up at its deadline, and its late answer is dropped", "[py_libp2p]") {
  const Duration limit = Duration::seconds(10);
  for (const Duration at : {limit - kTick, limit, limit + kTick}) {
    LookupLine line = line_of(2, 4);
    line.options.contact_timeout = limit;
    line.start({5, 6});
    CHECK(line.asked() == Peers{5, 6});
    CHECK(line.last.until == SimTime() + limit);
    line.answer(5, {9});
    line.now = SimTime() + at;
    line.answer(6, {1});
    CHECK(line.asked() == (at < limit ? Peers{1, 9} : Peers{9}));
  }
  // Without an answer: the round is over at the deadline, not before.
  LookupLine line = line_of(2, 4);
  line.options.contact_timeout = limit;
  line.start({5, 6});
  line.asked();
  line.answer(5, {9});
  CHECK(line.asked_at(SimTime() + limit - kTick).empty());
  CHECK(line.asked_at(SimTime() + limit) == Peers{9});
}

TEST_CASE("one slow contact among the first alpha holds up a round, but not a window",
          "[py_libp2p]") {
  // What its own tests do not tell apart: more than alpha contacts, one slow in the first alpha.
  std::map<std::uint32_t, Duration> took;
  for (std::uint32_t peer = 0; peer < 15; ++peer) took[peer] = ms(10);
  took[4] = ms(500);
  const auto window = line_of(10, 20, "py-libp2p-window").play(took);
  CHECK(window.at(9) == ms(0));
  CHECK(window.at(10) == ms(10));
  CHECK(window.size() == 15);
  // No answer names a contact, so that rounds end after the first: ask again with answers that do.
  for (const char* strategy : {"py-libp2p", "py-libp2p-window"}) {
    LookupLine line = line_of(10, 20, strategy);
    line.start(range(1, 15));
    CHECK(line.asked() == range(1, 10));
    for (const std::uint32_t peer : range(2, 10)) line.answer(peer, {0});
    const bool is_window = strategy != std::string("py-libp2p");
    CHECK(line.asked() == (is_window ? range(11, 15) : Peers{}));
    if (is_window) answer_all(line, range(11, 15));
    line.answer(1);
    CHECK(line.asked() == (is_window ? Peers{0} : Peers{0, 11, 12, 13, 14, 15}));
  }
}

TEST_CASE("a window never has more than alpha contacts under way", "[py_libp2p]") {
  LookupLine line = line_of(3, 20, "py-libp2p-window");
  line.start(range(5, 14));
  CHECK(line.asked() == Peers{5, 6, 7});
  line.answer(6, {1});
  CHECK(line.asked() == Peers{8});  // of this round; 1 waits for the next
  line.fail(5);
  line.answer(7);
  CHECK(line.asked() == Peers{9, 10});
}

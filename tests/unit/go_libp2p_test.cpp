// go-libp2p-kad-dht's lookup with its follow-up, driven by hand.

#include "tests/catch.hpp"
#include "tests/support/lookup_line.hpp"
#include "tests/support/played_lookups.hpp"

#include <map>
#include <numeric>

using namespace kadsim;

namespace {

using Peers = LookupLine::Peers;

// Requests are on the wire as soon as they are asked for, unless a test dials.
class Line : public LookupLine {
 public:
  Line(unsigned alpha, unsigned beta, unsigned results) : LookupLine("go-libp2p", 100) {
    options.alpha = alpha;
    options.beta = beta;
    options.results = results;
  }
  Peers asked_and_sent() {
    Peers contacts = asked();
    for (const std::uint32_t peer : contacts) sent(peer);
    return contacts;
  }
};

}  // namespace

TEST_CASE("the beta nearest have answered: the rest of the result is asked at once",
          "[go_libp2p]") {
  Line line(2, 2, 6);
  line.start({0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(line.asked_and_sent() == Peers{0, 1});
  line.answer(0);
  CHECK(line.asked_and_sent() == Peers{2});
  line.fail(2);
  CHECK(line.asked_and_sent() == Peers{3});
  line.answer(1);  // 0 and 1: complete, while 3 is on the wire
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.answer(3, {10, 11});
  CHECK(line.asked_and_sent() == Peers{4, 5, 6});
  line.answer(4, {8});
  line.fail(5);
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.answer(6);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  // Fixed when the query ended: 2 had failed then, 5 had not.
  const std::vector<ResultContact> expected = {{{0}, 1, true}, {{1}, 1, true},  {{3}, 1, true},
                                               {{4}, 1, true}, {{5}, 1, false}, {{6}, 1, true}};
  CHECK(line.result() == expected);
}

TEST_CASE("what is on the wire when the query ends is waited for, and nothing learnt from it",
          "[go_libp2p]") {
  Line line(3, 1, 1);
  line.start({1, 2, 3});
  CHECK(line.asked_and_sent() == Peers{1, 2, 3});
  line.answer(1);
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.answer(2, {0});
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.fail(3);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
  CHECK(line.result_peers() == Peers{1});
}

TEST_CASE("dials are not waited for, but for those of the result", "[go_libp2p]") {
  Line line(4, 1, 2);
  line.start({1, 2, 3, 4});
  CHECK(line.asked() == Peers{1, 2, 3, 4});
  line.sent(1);
  line.answer(1);
  CHECK(line.asked().empty());
  CHECK(line.waits());  // for 2, which is in the result; it is not asked again
  line.sent(3);         // cancelled, whatever the driver does
  line.sent(2);
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.answer(2);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kComplete));
}

TEST_CASE("no request follows a dial that was under way when its lookup ended", "[go_libp2p]") {
  NetworkSetup setup = plain_setup(7, 20);
  use_strategy(setup.client, "go-libp2p");
  setup.client.lookup.results = 3;  // a short follow-up, which dials may outlast
  setup.network.nodes = 300;
  setup.network.link.delay = delay::Uniform{Duration::milliseconds(1), Duration::seconds(1)};
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  const Played played = play(*network, scheduler, random_hashes(3, 100));
  std::map<std::uint64_t, SimTime> ended;
  for (const auto& ending : played.endings) ended[ending.tag] = ending.outcome.end;
  REQUIRE(ended.size() == 100);
  std::size_t late_dials = 0;
  for (const InteractionOutcome& record : played.interactions) {
    const SimTime end = ended.at(record.interaction.operation);
    const bool dial = record.interaction.kind == InteractionKind::kDial;
    late_dials += dial && record.answered() && record.end > end ? 1U : 0U;
    if (!dial) CHECK(record.start <= end);
  }
  CHECK(late_dials > 10);
}

TEST_CASE(
    "it is exhausted with no contact to ask or wait for, even if the beta nearest have answered",
    "[go_libp2p]") {
  Line line(3, 3, 5);
  line.start({1, 2});
  line.asked_and_sent();
  line.answer(1);
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.answer(2);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kExhausted));

  line.start({});
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kExhausted));
}

TEST_CASE("a query that is stopped waits for the wire and has no follow-up", "[go_libp2p]") {
  Line line(3, 3, 5);
  line.start({1, 2, 3, 4, 5});
  CHECK(line.asked() == Peers{1, 2, 3});
  line.sent(1);
  line.sent(2);
  line.answer(1);
  CHECK_FALSE(line.lookup->stop());
  CHECK(line.asked().empty());
  CHECK(line.waits());
  line.answer(2);
  CHECK(line.asked().empty());
  CHECK(line.finished(LookupEnd::kFound));
}

TEST_CASE("a query that is stopped with nothing on the wire is over", "[go_libp2p]") {
  Line line(2, 3, 5);
  line.start({1, 2, 3});
  line.asked();
  line.sent(1);
  line.answer(1);
  CHECK(line.lookup->stop());
  CHECK(line.result_peers() == Peers{1, 2, 3});
}

TEST_CASE("a follow-up that is stopped waits for no contact", "[go_libp2p]") {
  Line line(1, 1, 5);
  line.start({1, 2, 3, 4, 5});
  CHECK(line.asked_and_sent() == Peers{1});
  line.answer(1);
  CHECK(line.asked_and_sent() == Peers{2, 3, 4, 5});
  line.answer(3);
  CHECK(line.lookup->stop());
}

TEST_CASE("of an answer the first 2k contacts are kept", "[go_libp2p]") {
  Line line(1, 50, 50);
  line.options.k = 3;
  line.start({50});
  line.asked_and_sent();
  Peers named(8);
  std::iota(named.begin(), named.end(), 10U);
  line.answer(50, named);
  CHECK(line.result_peers() == Peers{10, 11, 12, 13, 14, 15, 50});
}

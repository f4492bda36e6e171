// py-dht's lookup, fed by a port made by hand.

#include "core/lookup/py_dht.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <map>

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

// Peer i is at distance i + 1 from the target 0.
Hash hash_of(std::uint32_t peer) { return small_hash(peer + 1, 16, 0); }

class Port final : public InstantPort {
 public:
  struct Outcome {
    Duration delay;
    std::vector<std::uint32_t> named;
    bool answered = true;
    bool has_record = false;
  };

  InstantOutcome dial_and_ask(PeerRef contact) override {
    asked.push_back(contact.value);
    const Outcome& outcome = outcomes[contact.value];
    contacts_.clear();
    for (const std::uint32_t peer : outcome.named) {
      contacts_.emplace_back(PeerRef{peer}, hash_of(peer).upper_word());
    }
    return {outcome.answered, outcome.delay, {contacts_, outcome.has_record}};
  }

  std::map<std::uint32_t, Outcome> outcomes;
  std::vector<std::uint32_t> asked;

 private:
  std::vector<NearContact> contacts_;
};

struct Played {
  InstantLookup::Resolution resolution;
  std::vector<std::uint32_t> asked;
  std::vector<ResultContact> result;
};

Played play(Port port, unsigned alpha, std::vector<std::uint32_t> seeds,
            bool stop_at_record = false) {
  PeerBook book;
  for (std::uint32_t i = 0; i < 30; ++i) book.add(hash_of(i));
  LookupOptions options;
  options.alpha = alpha;
  options.beta = 4;
  std::vector<PeerRef> peers;
  for (const std::uint32_t seed : seeds) peers.push_back({seed});
  PyDhtLookup lookup;
  lookup.start(
      {.book = &book, .options = &options, .origin = {29}, .stop_at_record = stop_at_record},
      peers);
  Played played;
  played.resolution = lookup.resolve(port);
  played.asked = port.asked;
  lookup.collect(played.result);
  return played;
}

using Peers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("with alpha 1 every answer costs its own delay, and three without progress end it",
          "[py_dht]") {
  Port port;
  for (std::uint32_t i = 0; i < 10; ++i) port.outcomes[i] = {ms(100), {1}};
  const Played played = play(port, 1, {1, 2, 3, 4, 5});
  CHECK(played.asked == Peers{1, 2, 3});
  CHECK(played.resolution.end == LookupEnd::kComplete);
  CHECK(played.resolution.delay == ms(300));
}

TEST_CASE("progress is a contact nearer than the farthest known, not than the nearest",
          "[py_dht]") {
  Port port;
  port.outcomes[1] = {ms(10), {4}};   // unknown, nearer than the farthest seed 9: progress
  port.outcomes[2] = {ms(10), {20}};  // unknown, farther than all: none
  port.outcomes[4] = {ms(10), {9}};   // known: none
  port.outcomes[9] = {ms(10), {1}};
  port.outcomes[20] = {ms(10), {1}};
  CHECK(play(port, 1, {1, 2, 9}).asked == Peers{1, 2, 4, 9});
}

TEST_CASE("failures and empty answers leave the counter of steps", "[py_dht]") {
  Port port;
  port.outcomes[1] = {ms(10), {2}};
  port.outcomes[2] = {ms(10), {}, false};
  port.outcomes[3] = {ms(10), {}};
  port.outcomes[4] = {ms(10), {1}};
  port.outcomes[5] = {ms(10), {1}};
  port.outcomes[6] = {ms(10), {1}};
  const Played played = play(port, 1, {1, 2, 3, 4, 5, 6});
  CHECK(played.asked == Peers{1, 2, 3, 4, 5});
  CHECK(played.resolution.delay == ms(50));
}

TEST_CASE(
    "the fastest pending outcome goes to the least-loaded slot; what is pending at the end is "
    "thrown away",
    "[py_dht]") {
  Port port;
  port.outcomes[1] = {ms(100), {1}};
  port.outcomes[2] = {ms(10), {1}};
  port.outcomes[3] = {ms(20), {1}};
  port.outcomes[4] = {ms(5), {1}};
  port.outcomes[5] = {ms(500), {1}};
  // Pending 1, 2: takes 2 into slot 0 (10). 3: takes 3 into slot 1 (20). 4: takes 4 into slot 0
  // (15). Three in a row.
  const Played played = play(port, 2, {1, 2, 3, 4, 5});
  CHECK(played.asked == Peers{1, 2, 3, 4});
  CHECK(played.resolution.delay == ms(20));
}

TEST_CASE("equal delays are taken first come", "[py_dht]") {
  Port port;
  port.outcomes[1] = {ms(10), {0}};  // progress, if it is the first to be taken
  port.outcomes[2] = {ms(10), {1}};
  port.outcomes[0] = {ms(10), {1}};
  CHECK(play(port, 2, {1, 2}).asked == Peers{1, 2, 0});
}

TEST_CASE("alpha above the number of contacts finds nothing", "[py_dht]") {
  Port port;
  port.outcomes[1] = {ms(10), {0}};
  port.outcomes[2] = {ms(10), {0}};
  const Played played = play(port, 3, {1, 2});
  CHECK(played.asked == Peers{1, 2});
  CHECK(played.resolution.end == LookupEnd::kExhausted);
  CHECK(played.resolution.delay == Duration());
  CHECK(played.result.size() == 2);
}

TEST_CASE("a contact that failed stays in the result, beta of which are returned", "[py_dht]") {
  Port port;
  for (std::uint32_t i = 1; i < 8; ++i) port.outcomes[i] = {ms(10), {1}, i != 1};
  const Played played = play(port, 1, {1, 2, 3, 4, 5, 6});
  REQUIRE(played.result.size() == 4);
  CHECK(played.result.front() == ResultContact{{1}, 1, false});
}

TEST_CASE("a value ends it if it is to stop at one", "[py_dht]") {
  for (const bool stop : {true, false}) {
    Port port;
    for (std::uint32_t i = 1; i < 8; ++i) port.outcomes[i] = {ms(10), {1}, true, i == 2};
    const Played played = play(port, 1, {1, 2, 3, 4}, stop);
    CHECK((played.resolution.end == LookupEnd::kFound) == stop);
    CHECK(played.asked.size() == (stop ? 2 : 3));
  }
}

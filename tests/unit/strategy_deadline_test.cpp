// Time limits of strategies through the driver: one tick before an answer comes, as it comes, and
// one tick after.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>

using namespace kadsim;

namespace {

constexpr Duration kTick = Duration::nanoseconds(1);
constexpr Duration kAnswer = Duration::milliseconds(20);  // a dial and a request, 10 ms each

struct Played {
  std::vector<Duration> asked_at;  // when each contact was dialled
  OperationOutcome outcome;
};

// One lookup that asks one contact at a time.
Played play(const std::string& strategy, Duration limit) {
  NetworkSetup setup = plain_setup(1, 3);
  setup.network.nodes = 50;
  setup.client.lookup.alpha = 1;
  setup.client.lookup.strategy = strategy;
  setup.client.lookup.contact_timeout = limit;
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  Endings endings;
  Interactions interactions;
  network->connection().add_observer(interactions);
  network->client({0}).lookup_for_hash(Hash::of_name("a key"), 1, endings);
  scheduler.run_all();
  network->connection().remove_observer(interactions);
  Played played;
  for (const InteractionOutcome& record : interactions.records) {
    if (record.interaction.kind != InteractionKind::kDial) continue;
    played.asked_at.push_back(record.start - SimTime());
  }
  std::ranges::sort(played.asked_at);
  REQUIRE(endings.ended.size() == 1);
  played.outcome = endings.ended[0].outcome;
  return played;
}

}  // namespace

TEST_CASE("rust-libp2p and the paper's lookup go on at the deadline", "[strategies]") {
  const std::string strategy = GENERATE(as<std::string>{}, "rust-libp2p", "kademlia-2002");
  CAPTURE(strategy);
  CHECK(play(strategy, kAnswer - kTick).asked_at.at(1) == kAnswer - kTick);
  CHECK(play(strategy, kAnswer).asked_at.at(1) == kAnswer);
  CHECK(play(strategy, kAnswer + kTick).asked_at.at(1) == kAnswer);
}

TEST_CASE("go-kademlia goes on a tick after the deadline", "[strategies]") {
  CHECK(play("go-kademlia", kAnswer - kTick * 2).asked_at.at(1) == kAnswer - kTick);
  CHECK(play("go-kademlia", kAnswer - kTick).asked_at.at(1) == kAnswer);
  CHECK(play("go-kademlia", kAnswer).asked_at.at(1) == kAnswer);
  CHECK(play("go-kademlia", kAnswer + kTick).asked_at.at(1) == kAnswer);
}

TEST_CASE("to py-libp2p an answer at the deadline is late, whichever event comes first",
          "[strategies]") {
  // The round has brought nothing then, and the lookup is over.
  for (const Duration limit : {kAnswer - kTick, kAnswer}) {
    const Played played = play("py-libp2p", limit);
    CHECK(played.asked_at.size() == 1);
    CHECK(played.outcome.end - played.outcome.start == limit);
  }
  CHECK(play("py-libp2p", kAnswer + kTick).asked_at.size() > 1);
}

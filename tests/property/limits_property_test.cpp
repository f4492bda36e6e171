// Limits on streams over random networks: the records of interactions show that they are kept.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <map>

using namespace kadsim;

namespace {

// The greatest number of intervals [from, until) that overlap.
class Overlap {
 public:
  void add(SimTime from, SimTime until) {
    if (from == until) return;
    ++steps_[from].second;
    ++steps_[until].first;
  }
  int most() const {
    int now = 0;
    int most = 0;
    for (const auto& [time, change] : steps_) {
      now += change.second - change.first;
      most = std::max(most, now);
    }
    return most;
  }

 private:
  std::map<SimTime, std::pair<int, int>> steps_;  // ends, begins
};

}  // namespace

TEST_CASE("under any limits every operation ends, every slot comes back, no node has more streams",
          "[limits]") {
  const std::uint64_t seed = GENERATE(range(1U, 7U));
  const OnLimit on_limit = GENERATE(as<OnLimit>{}, on_limit::Fail{}, on_limit::Wait{},
                                    on_limit::WaitFor{Duration::milliseconds(30)});
  const bool negotiated = GENERATE(false, true);
  CAPTURE(seed, on_limit.index(), negotiated);
  NetworkSetup setup = plain_setup(seed, 8);
  setup.network.nodes = 80;
  setup.network.link.delay = delay::Uniform{Duration::milliseconds(5), Duration::milliseconds(80)};
  setup.network.link.fast_errors.rate = Probability(1, 20);
  setup.network.link.slow_errors.rate = Probability(1, 20);
  setup.client.rpc_timeout = Duration::milliseconds(500);
  setup.client.dial = seed % 2 == 0 ? DialPolicy::kNever : DialPolicy::kFirst;
  setup.client.resources.streams = {.outbound = 3, .inbound = 2};
  if (negotiated) setup.client.resources.negotiations = 2;
  setup.client.resources.on_limit = on_limit;
  setup.client.resources.service_time = Duration::milliseconds(4);
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  Endings endings;
  Interactions observed;
  network->connection().add_observer(observed);
  const Hash hot = Hash::of_name("a popular key");
  for (std::uint32_t i = 0; i < 160; ++i) {
    network->client({i % 80}).lookup_for_hash(hot, i, endings, i);
  }
  scheduler.run_all();

  REQUIRE(endings.ended.size() == 160);
  for (const auto& [tag, outcome, contacts] : endings.ended) {
    CHECK(outcome.attempts >= outcome.succeeded + outcome.failed);
  }
  CHECK(network->connection().in_flight() == 0);
  ClientGates& gates = *network->gates();
  for (std::uint32_t i = 0; i < 80; ++i) {
    CHECK(gates.inbound_slots()->out({i}) == 0);
    CHECK(gates.outbound_slots()->out({i}) == 0);
    if (negotiated) CHECK(gates.inbound_negotiation_slots()->out({i}) == 0);
    if (negotiated) CHECK(gates.outbound_negotiation_slots()->out({i}) == 0);
  }
  // What the records say of each node, without asking a gate.
  std::map<std::uint32_t, Overlap> serving;
  std::map<std::uint32_t, Overlap> sending;
  std::size_t waited = 0;
  for (const InteractionOutcome& record : observed.records) {
    if (!record.busy && record.remote_wait > Duration()) ++waited;
    if (record.interaction.kind != InteractionKind::kGetClosestNodes) continue;
    sending[record.interaction.from.value].add(record.start, record.end);
    if (record.error != LinkError::kNone || record.busy || record.late) continue;
    const SimTime entered = record.start + RoundTrip(record.base_delay).out() + record.remote_wait;
    serving[record.interaction.to.value].add(entered, entered + Duration::milliseconds(4));
  }
  int most_serving = 0;
  for (const auto& [node, overlap] : serving) {
    most_serving = std::max(most_serving, overlap.most());
  }
  CHECK(most_serving == 2);  // the limit, and it was needed
  for (const auto& [node, overlap] : sending) CHECK(overlap.most() <= 3);
  CHECK((waited > 0) == !std::holds_alternative<on_limit::Fail>(on_limit));
}

TEST_CASE("under a manager every operation ends, nothing is held afterwards, no limit is passed",
          "[limits]") {
  const std::uint64_t seed = GENERATE(range(1U, 7U));
  const OnLimit on_limit =
      GENERATE(as<OnLimit>{}, on_limit::Fail{}, on_limit::Wait{}, on_limit::Revoke{},
               on_limit::WaitFor{Duration::milliseconds(30)});
  CAPTURE(seed, on_limit.index());
  NetworkSetup setup = plain_setup(seed, 8);
  setup.network.nodes = 80;
  setup.network.link.delay = delay::Uniform{Duration::milliseconds(5), Duration::milliseconds(80)};
  setup.network.link.fast_errors.rate = Probability(1, 20);
  setup.network.link.slow_errors.rate = Probability(1, 20);
  setup.client.rpc_timeout = Duration::milliseconds(500);
  setup.client.table_updates = seed % 2 == 0 ? TableUpdates::kLearn : TableUpdates::kNone;
  setup.client.resources.on_limit = on_limit;
  setup.client.resources.service_time = Duration::milliseconds(4);
  setup.client.resources.manager = {.limits = {.streams = 4, .connections = 12},
                                    .operation = {.streams = 2, .connections = 6},
                                    .incoming = 3,
                                    .service = 2,
                                    .service_priority = EdgePriority::of(40000),
                                    .bucket_priority = EdgePriority::of(20000),
                                    .collect_after = Duration::milliseconds(300),
                                    .review_every = Duration::milliseconds(100)};
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  Endings endings;
  const Hash hot = Hash::of_name("a popular key");
  for (std::uint32_t i = 0; i < 240; ++i) {
    scheduler.run_for(Duration::milliseconds(i % 3));
    DhtClient client = network->client({i % 80});
    // Puts turn to the contacts of their lookup again, gets even behind their end.
    if (i % 4 == 1) {
      client.put_value({hot, 100, i}, i, endings, i);
    } else if (i % 4 == 3) {
      client.get_value(hot, i, endings, i);
    } else {
      client.lookup_for_hash(hot, i, endings, i);
    }
  }
  ResourcesByNode& managers = *network->gates()->managers();
  const auto check = [&](bool over) {
    for (std::uint32_t i = 0; i < 80; ++i) {
      NodeResources* node = managers.find({i});
      if (node == nullptr) continue;
      ResourceManager& manager = node->manager();
      manager.check();
      REQUIRE(manager.used(manager.root(), kStreams) <= (over ? 0 : 4));
      REQUIRE(manager.used(manager.root(), kConnections) <= 12);
      REQUIRE(manager.used(node->service(), kStreams) <= 2);
      REQUIRE(manager.used(manager.temporary_owner(), kStreams) <= 3);
      REQUIRE(network->gates()->contacts()->connections({i}) ==
              static_cast<std::size_t>(manager.used(manager.root(), kConnections)));
      if (over) REQUIRE(node->operations() == 0);
    }
  };
  while (scheduler.run_slice(SimTime::max(), 400)) check(false);
  check(true);
  REQUIRE(endings.ended.size() == 240);
  CHECK(network->connection().in_flight() == 0);
  const LimitCounts counts = network->gates()->counts();
  CHECK(counts.connections.reused > 0);
  CHECK(counts.outbound.refused + counts.inbound.refused + counts.outbound.waited > 0);
  const bool revokes = std::holds_alternative<on_limit::Revoke>(on_limit);
  CHECK((counts.outbound.revoked + counts.inbound.revoked > 0) == revokes);
}

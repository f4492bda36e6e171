// The simulated network as a client sees it: what an interaction comes to, and when.

#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
SimTime at(Duration since_start) { return SimTime::at(since_start); }

// Two nodes that know each other, 10 ms apart, and a handler that remembers.
class Pair final : public ReplyHandler {
 public:
  explicit Pair(const NetworkSetup& setup = plain_setup(1, 20))
      : network(DhtNetwork::init_with_hashes(random_hashes(1, 2), setup, scheduler)) {
    network->connection().add_observer(observed);
  }
  bool awaits(std::uint64_t) const override { return true; }
  void on_reply(std::uint64_t tag, const Interaction&, const Reply& reply) override {
    tags.push_back(tag);
    statuses.push_back(reply.status);
    times.push_back(scheduler.now());
    contacts.emplace_back(reply.contacts.begin(), reply.contacts.end());
    values.push_back(reply.has_record);
  }
  Interaction to_other(InteractionKind kind, SimTime deadline, bool dialled = false) const {
    return {.kind = kind,
            .dialled = dialled,
            .from = {0},
            .to = {1},
            .operation = 5,
            .deadline = deadline};
  }
  void ask(SimTime deadline, bool dialled = false, std::uint64_t tag = 0) {
    network->connection().get_closest_nodes_to(
        to_other(InteractionKind::kGetClosestNodes, deadline, dialled), Hash(), *this, tag);
  }
  void dial(SimTime deadline) {
    network->connection().dial(to_other(InteractionKind::kDial, deadline), *this, 0);
  }

  Scheduler scheduler;
  Interactions observed;
  std::unique_ptr<DhtNetwork> network;
  std::vector<std::uint64_t> tags;
  std::vector<ReplyStatus> statuses;
  std::vector<SimTime> times;
  std::vector<std::vector<PeerRef>> contacts;
  std::vector<bool> values;
};

using Statuses = std::vector<ReplyStatus>;
using Times = std::vector<SimTime>;

}  // namespace

TEST_CASE("an answer comes after a round trip, exactly once, never during the call",
          "[connection]") {
  Pair pair;
  pair.ask(at(ms(100)), false, 42);
  CHECK(pair.tags.empty());
  pair.scheduler.run_all();
  CHECK(pair.tags == std::vector<std::uint64_t>{42});
  CHECK(pair.statuses == Statuses{ReplyStatus::kOk});
  CHECK(pair.times == Times{at(ms(10))});
  CHECK(pair.contacts.front() == std::vector<PeerRef>{{0}});
  CHECK(pair.network->connection().in_flight() == 0);
}

TEST_CASE("at its deadline an answer still counts, a nanosecond later it is none", "[connection]") {
  for (const std::int64_t late_ns : {-1, 0, 1}) {
    Pair pair;
    pair.ask(at(ms(10) - Duration::nanoseconds(late_ns)));
    pair.scheduler.run_all();
    CAPTURE(late_ns);
    CHECK(pair.statuses == Statuses{late_ns > 0 ? ReplyStatus::kNoAnswer : ReplyStatus::kOk});
    CHECK(pair.times ==
          Times{at(ms(10) - Duration::nanoseconds(std::max<std::int64_t>(late_ns, 0)))});
    CHECK(pair.observed.records.front().late == (late_ns > 0));
  }
}

TEST_CASE("a request that arrives after its deadline is refused in time and served all the same",
          "[connection]") {
  Pair pair;
  const Segment segment{Hash::of_name("x"), 10};
  pair.network->connection().store_segment(pair.to_other(InteractionKind::kStoreSegment, at(ms(3))),
                                           segment, nullptr, pair, 0);
  pair.scheduler.run_all();
  CHECK(pair.statuses == Statuses{ReplyStatus::kNoAnswer});
  CHECK(pair.times == Times{at(ms(3))});
  CHECK(pair.network->client({1}).stored_record(segment.key) == segment.record());
  CHECK(pair.network->connection().in_flight() == 0);
}

TEST_CASE("a dial takes a round trip too, and nothing when it is late", "[connection]") {
  Pair pair;
  pair.dial(at(ms(10)));
  pair.dial(at(ms(9)));
  pair.scheduler.run_all();
  CHECK(pair.statuses == Statuses{ReplyStatus::kNoAnswer, ReplyStatus::kOk});
  CHECK(pair.times == Times{at(ms(9)), at(ms(10))});
}

TEST_CASE("a segment is stored and retrieved, within the limits of the store", "[connection]") {
  NetworkSetup setup = plain_setup(1, 20);
  setup.client.records = {.max_records = 1, .max_value_bytes = 100};
  Pair pair(setup);
  SimConnection& connection = pair.network->connection();
  const Interaction store = pair.to_other(InteractionKind::kStoreSegment, at(ms(1000)));
  connection.store_segment(store, {Hash::of_name("a"), 101}, nullptr, pair, 1);  // too large
  connection.store_segment(store, {Hash::of_name("b"), 100}, nullptr, pair, 2);
  connection.store_segment(store, {Hash::of_name("c"), 1}, nullptr, pair, 3);   // one too many
  connection.store_segment(store, {Hash::of_name("b"), 50}, nullptr, pair, 4);  // known: replaced
  pair.scheduler.run_all();
  CHECK(pair.statuses == Statuses{ReplyStatus::kRejected, ReplyStatus::kOk, ReplyStatus::kRejected,
                                  ReplyStatus::kOk});
  connection.retrieve_segment(pair.to_other(InteractionKind::kRetrieveSegment, at(ms(1000))),
                              Hash::of_name("b"), pair, 5);
  connection.retrieve_segment(pair.to_other(InteractionKind::kRetrieveSegment, at(ms(1000))),
                              Hash::of_name("a"), pair, 6);
  pair.scheduler.run_all();
  CHECK(pair.values[4]);
  CHECK_FALSE(pair.values[5]);
  CHECK(pair.network->client({1}).stored_record(Hash::of_name("b")) == Record{50, 0});
}

TEST_CASE("errors befall the dial, or the request where none was made", "[connection]") {
  NetworkSetup setup = plain_setup(1, 20);
  setup.network.link.fast_errors = {Probability(1, 1), delay::Constant{ms(4)}};
  Pair pair(setup);
  pair.dial(at(ms(100)));
  pair.ask(at(ms(100)));
  pair.ask(at(ms(100)), true);  // behind a dial that succeeded
  pair.scheduler.run_all();
  CHECK(pair.statuses == Statuses{ReplyStatus::kRefused, ReplyStatus::kRefused, ReplyStatus::kOk});
  CHECK(pair.times == Times{at(ms(4)), at(ms(4)), at(ms(10))});
}

TEST_CASE("a slow error is known after its delay, or at the timeout if that is sooner",
          "[connection]") {
  for (const std::int64_t delay_ms : {20, 500}) {
    NetworkSetup setup = plain_setup(1, 20);
    setup.network.link.slow_errors = {Probability(1, 1), delay::Constant{ms(delay_ms)}};
    Pair pair(setup);
    pair.ask(at(ms(100)));
    pair.scheduler.run_all();
    CHECK(pair.statuses == Statuses{ReplyStatus::kNoAnswer});
    CHECK(pair.times == Times{at(ms(std::min<std::int64_t>(delay_ms, 100)))});
  }
}

TEST_CASE("load in flight adds gamma at both ends for each RPC there", "[connection]") {
  NetworkSetup setup = plain_setup(1, 20);
  setup.network.link.gamma = ms(1);
  Pair pair(setup);
  pair.ask(at(ms(100)));
  pair.ask(at(ms(100)));
  pair.scheduler.run_all();
  // The origin has 1, then 2 in flight when it sends; both arrive at 5 ms, the second behind the
  // first.
  CHECK(pair.times == Times{at(ms(10 + 1 + 1)), at(ms(10 + 2 + 2))});
  pair.ask(at(ms(1000)));
  pair.scheduler.run_all();
  CHECK(pair.times.back() == at(ms(14 + 10 + 1 + 1)));  // all have left
}

TEST_CASE("cumulative load never leaves", "[connection]") {
  NetworkSetup setup = plain_setup(1, 20);
  setup.network.link.gamma = ms(1);
  setup.network.link.gamma_mode = GammaMode::kCumulative;
  Pair pair(setup);
  for (int i = 0; i < 3; ++i) {
    const SimTime start = pair.scheduler.now();
    pair.ask(at(ms(1000)));
    pair.scheduler.run_all();
    CHECK(pair.times.back() - start == ms(10 + 2 * (i + 1)));
  }
}

TEST_CASE(
    "py-dht's port: an answer costs two delays and the overhead, a failed dial its delay and the "
    "overhead",
    "[connection]") {
  NetworkSetup setup = plain_setup(1, 20);
  setup.network.link.gamma = ms(1);
  setup.network.link.gamma_mode = GammaMode::kCumulative;
  {
    Pair pair(setup);
    InstantPort& port =
        pair.network->instant_network().open_port({{0}, 1, Hash(), ms(300)});  // the origin: 1
    CHECK(port.dial_and_ask({1}).delay == ms(10 + 10 + 1 + 1));
    CHECK(port.dial_and_ask({1}).delay == ms(10 + 10 + 1 + 2));
  }
  setup.network.link.fast_errors = {Probability(1, 1), delay::Constant{ms(7)}};
  Pair pair(setup);
  InstantPort& port = pair.network->instant_network().open_port({{0}, 1, Hash(), ms(300)});
  const InstantOutcome outcome = port.dial_and_ask({1});
  CHECK_FALSE(outcome.answered);
  CHECK(outcome.delay == ms(7 + 1 + 1));
}

TEST_CASE("several observers hear of each interaction, in the order in which they were added",
          "[connection]") {
  struct Listening final : InteractionObserver {
    Listening(std::vector<int>& all, int own) : order(all), number(own) {}
    void on_interaction(const InteractionOutcome& outcome) override {
      order.push_back(number);
      ends.push_back(outcome.end);
    }
    std::vector<int>& order;
    int number;
    std::vector<SimTime> ends;
  };
  Pair pair;
  std::vector<int> order;
  Listening first(order, 1);
  Listening second(order, 2);
  SimConnection& connection = pair.network->connection();
  connection.add_observer(second);
  connection.add_observer(first);
  pair.ask(at(ms(100)));
  pair.scheduler.run_all();
  CHECK(order == std::vector<int>{2, 1});
  CHECK(first.ends == Times{at(ms(10))});
  CHECK(second.ends == first.ends);
  CHECK(pair.observed.records.size() == 1);
  connection.remove_observer(second);
  connection.remove_observer(second);
  pair.ask(at(ms(100)));
  pair.scheduler.run_all();
  CHECK(order == std::vector<int>{2, 1, 1});
  connection.remove_observer(first);
}

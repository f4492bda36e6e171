// How many queries of a client run at a time, in which order the others start, and when they time
// out.

#include "tests/catch.hpp"
#include "tests/support/scripted_client.hpp"

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
SimTime at(Duration since_start) { return SimTime::at(since_start); }

ClientOptions with(const QueryOptions& queries) {
  ClientOptions options;
  options.lookup.alpha = 2;
  options.lookup.beta = 1;  // the nearest contact answers: the lookup is over
  options.queries = queries;
  return options;
}

// A client whose contact 0, the nearest, takes as long as the test says.
struct Client : ScriptedClient {
  explicit Client(const QueryOptions& queries, Duration delay = ms(10))
      : ScriptedClient(4, with(queries)) {
    connection.peers[0].delay = delay;
  }
  void look_up(std::uint64_t tag) { client().lookup_for_hash(Hash(), 100 + tag, endings, tag); }
  const Endings::Ending& ending(std::uint64_t tag) const {
    const auto found = std::ranges::find(endings.ended, tag, &Endings::Ending::tag);
    REQUIRE(found != endings.ended.end());
    return *found;
  }
  OperationOutcome outcome(std::uint64_t tag) const { return ending(tag).outcome; }
  std::size_t asked_by(std::uint64_t tag) const {
    return static_cast<std::size_t>(std::ranges::count_if(connection.asked, [&](const auto& asked) {
      return asked.interaction.operation == 100 + tag;
    }));
  }
};

using Tags = std::vector<std::uint64_t>;

Tags ended(const Client& client) {
  Tags tags;
  for (const auto& ending : client.endings.ended) tags.push_back(ending.tag);
  return tags;
}

DeadlineRule any_rule() { return GENERATE(DeadlineRule::kAfter, DeadlineRule::kAt); }

}  // namespace

TEST_CASE("queries beyond the cap wait in line, and start as those before them end", "[queries]") {
  Client client({.concurrency = 2});
  for (std::uint64_t tag = 0; tag < 5; ++tag) client.look_up(tag);
  CHECK(client.host->running() == 2);
  CHECK(client.host->waiting() == 3);
  client.scheduler.run_all();
  CHECK(ended(client) == Tags{0, 1, 2, 3, 4});
  for (std::uint64_t tag = 0; tag < 5; ++tag) {
    const OperationOutcome outcome = client.outcome(tag);
    const auto turn = static_cast<std::int64_t>(tag / 2);
    CHECK(outcome.status == OperationStatus::kComplete);
    CHECK(outcome.start == SimTime());  // its arrival
    CHECK(outcome.queued == ms(10 * turn));
    CHECK(outcome.end == at(ms(10 * (turn + 1))));
  }
  CHECK(client.host->waiting() == 0);
}

TEST_CASE("while the cap is reached an answer to one query starts no other", "[queries]") {
  // What go-kademlia's pool does: its only query has two requests out, one is answered, and the
  // second query starts although the limit is 1.
  Client client({.concurrency = 1}, ms(50));
  client.look_up(0);
  client.look_up(1);
  CHECK(client.asked_by(0) == 2);
  client.scheduler.run_until(at(ms(30)));  // contacts 1, 2 and 3 have answered
  CHECK(client.asked_by(0) == 4);
  CHECK(client.asked_by(1) == 0);
  client.scheduler.run_all();
  CHECK(client.outcome(1).queued == ms(50));
}

TEST_CASE("a query with nothing under way for the moment still counts for the cap", "[queries]") {
  Client client({.concurrency = 1});
  client.connection.peers[0].status = ReplyStatus::kRefused;
  client.look_up(0);
  client.look_up(1);
  for (;;) {
    CHECK(client.host->running() <= 1);
    if (!client.scheduler.run_one()) break;
  }
  CHECK(client.outcome(1).queued == client.outcome(0).end - SimTime());
}

TEST_CASE("a full pool keeps no query from its time-out, running or in line", "[queries]") {
  // What go-kademlia's pool doesn't look at: queries behind those with which the limit is reached.
  Client client({.concurrency = 2, .timeout = ms(100), .timeout_from = TimeoutFrom::kArrival},
                Duration::seconds(5));
  client.look_up(0);
  client.scheduler.run_until(at(ms(30)));
  client.look_up(1);
  client.scheduler.run_until(at(ms(40)));
  client.look_up(2);
  client.look_up(3);
  client.scheduler.run_until(at(ms(99)));
  CHECK(client.endings.ended.empty());
  client.scheduler.run_all();
  CHECK(ended(client) == Tags{0, 1, 2, 3});
  const Duration tick = Duration::nanoseconds(1);
  for (std::uint64_t tag = 0; tag < 4; ++tag) {
    const OperationOutcome outcome = client.outcome(tag);
    CHECK(outcome.status == OperationStatus::kTimeout);
    CHECK(outcome.end - outcome.start == ms(100) + tick);
  }
  CHECK(client.outcome(2).queued == ms(60) + tick);
  CHECK(client.outcome(3).queued == ms(90) + tick);
}

TEST_CASE("a query may time out in the middle of the line", "[queries]") {
  Client client({.concurrency = 1,
                 .timeout = ms(100),
                 .timeout_from = TimeoutFrom::kArrival,
                 .deadline = DeadlineRule::kAt},
                ms(60));
  for (std::uint64_t tag = 0; tag < 4; ++tag) client.look_up(tag);
  client.scheduler.run_until(at(ms(90)));
  client.look_up(4);
  client.scheduler.run_all();
  // 0 until 60; 2 and 3 at 100, in line; 1 from 60, cut at 100; 4 from 100.
  CHECK(ended(client) == Tags{0, 2, 3, 1, 4});
  CHECK(client.outcome(1).status == OperationStatus::kTimeout);
  CHECK(client.outcome(1).queued == ms(60));
  for (const std::uint64_t waiting : {2U, 3U}) {
    const OperationOutcome outcome = client.outcome(waiting);
    CHECK(outcome.status == OperationStatus::kTimeout);
    CHECK(outcome.end == at(ms(100)));
    CHECK(outcome.attempts == 0);
    CHECK(client.ending(waiting).contacts.empty());
  }
  CHECK(client.outcome(4).status == OperationStatus::kComplete);
  CHECK(client.outcome(4).queued == ms(10));
}

TEST_CASE("time in line does not count towards a time-out that counts from the start",
          "[queries]") {
  Client client({.concurrency = 1, .timeout = ms(100)}, ms(100));
  for (std::uint64_t tag = 0; tag < 3; ++tag) client.look_up(tag);
  client.scheduler.run_all();
  for (std::uint64_t tag = 0; tag < 3; ++tag) {
    CHECK(client.outcome(tag).status == OperationStatus::kComplete);
    CHECK(client.outcome(tag).end == at(ms(100 * static_cast<std::int64_t>(tag + 1))));
  }
}

TEST_CASE("whether the tick of the deadline is in time follows from the rule alone", "[queries]") {
  const DeadlineRule rule = any_rule();
  const std::int64_t late_ns = GENERATE(-1, 0, 1);
  const bool waits = GENERATE(false, true);
  const TimeoutFrom from = GENERATE(TimeoutFrom::kStart, TimeoutFrom::kArrival);
  CAPTURE(rule == DeadlineRule::kAt, late_ns, waits);
  const Duration timeout = ms(100);
  const Duration answer = timeout + Duration::nanoseconds(late_ns);
  Client client({.concurrency = 1, .timeout = timeout, .timeout_from = from, .deadline = rule},
                answer);
  Duration before;
  if (waits) {  // behind another for 20 ms, which its time-out counts or doesn't
    client.connection.peers[0].delay = ms(20);
    client.look_up(7);
    client.scheduler.run_until(SimTime());
    before = from == TimeoutFrom::kArrival ? ms(20) : Duration();
  }
  client.look_up(1);
  client.connection.peers[0].delay = answer - before;
  client.scheduler.run_all();
  const bool in_time = rule == DeadlineRule::kAfter ? late_ns <= 0 : late_ns < 0;
  const OperationOutcome outcome = client.outcome(1);
  CHECK(outcome.status == (in_time ? OperationStatus::kComplete : OperationStatus::kTimeout));
  const Duration took =
      outcome.end - outcome.start - (from == TimeoutFrom::kArrival ? Duration() : outcome.queued);
  const Duration limit = rule == DeadlineRule::kAt ? timeout : timeout + Duration::nanoseconds(1);
  CHECK(took == std::min(answer, limit));
}

TEST_CASE("at its deadline a query in line times out before it could start", "[queries]") {
  const DeadlineRule rule = any_rule();
  // The query before it ends in the very tick of the deadline.
  Client client({.concurrency = 1,
                 .timeout = ms(100),
                 .timeout_from = TimeoutFrom::kArrival,
                 .deadline = rule},
                ms(100));
  client.connection.peers[0].delay = ms(60);
  client.look_up(0);
  client.scheduler.run_until(SimTime());
  client.look_up(1);  // runs from 60 on
  client.connection.peers[0].delay = ms(40);
  client.look_up(2);  // would run from 100 on
  client.scheduler.run_all();
  CHECK(client.outcome(0).status == OperationStatus::kComplete);
  const bool in_time = rule == DeadlineRule::kAfter;
  CHECK(client.outcome(1).status ==
        (in_time ? OperationStatus::kComplete : OperationStatus::kTimeout));
  CHECK(client.outcome(2).status == OperationStatus::kTimeout);
  CHECK((client.asked_by(2) > 0) == in_time);  // it had a tick, and asked
}

TEST_CASE("a query that its listener starts at the end of one stands behind those in line",
          "[queries]") {
  struct Chain final : OperationListener {
    explicit Chain(Client& of) : client(of) {}
    void on_operation_end(std::uint64_t tag, const OperationOutcome&) override {
      client.look_up(tag + 10);
    }
    Client& client;
  };
  Client client({.concurrency = 1});
  Chain chain(client);
  client.client().lookup_for_hash(Hash(), 100, chain, 0);
  client.look_up(1);
  client.scheduler.run_all();
  CHECK(ended(client) == Tags{1, 10});
  CHECK(client.outcome(10).queued == ms(10));
}

TEST_CASE("the queries of one client don't hinder another's", "[queries]") {
  Client client({.concurrency = 1});
  DhtClient other(*client.host, {200});
  other.new_discovered_node({0});
  client.look_up(0);
  client.look_up(1);
  client.host->start({.origin = other.self(), .key = 500}, client.endings, 2);
  CHECK(client.host->running() == 2);
  client.scheduler.run_all();
  CHECK(client.outcome(1).queued == ms(10));
  CHECK(client.outcome(2).queued == Duration());
}

TEST_CASE("contacts to start from are kept for a query that waits", "[queries]") {
  Client client({.concurrency = 1});
  client.look_up(0);
  {
    std::vector<PeerRef> contacts{{3}};
    client.host->start(
        {.fill_table = true, .origin = ScriptedClient::kSelf, .key = 101, .seeds = contacts},
        client.endings, 1);
    contacts = {{250}};
  }
  client.scheduler.run_all();
  CHECK(client.asked_by(1) == 1);
  CHECK(client.connection.asked.back().interaction.to == PeerRef{3});
}

TEST_CASE("repairs that a get makes after its end leave its place to the next query", "[queries]") {
  ClientOptions options = with({.concurrency = 1});
  options.lookup.beta = 4;
  ScriptedClient client(4, options);
  client.connection.peers[0].holds = Record{100, 1};
  client.client().get_value(Hash(), 1, client.endings, 1);
  client.client().lookup_for_hash(Hash(), 2, client.endings, 2);
  client.scheduler.run_all();
  REQUIRE(client.endings.ended.size() == 2);
  REQUIRE(client.endings.aftermaths.size() == 1);
  CHECK(client.endings.aftermaths[0].outcome.stores == 3);
  CHECK(client.endings.ended[1].outcome.queued == client.endings.ended[0].outcome.end - SimTime());
}

TEST_CASE("the end of the run ends those in line too", "[queries]") {
  Client client({.concurrency = 1, .timeout = ms(100), .timeout_from = TimeoutFrom::kArrival});
  for (std::uint64_t tag = 0; tag < 3; ++tag) client.look_up(tag);
  client.scheduler.run_until(at(ms(4)));
  client.host->cut_off();
  CHECK(client.endings.ended.size() == 3);
  for (const auto& [tag, outcome, contacts] : client.endings.ended) {
    CHECK(outcome.status == OperationStatus::kUnfinished);
    CHECK(outcome.end == at(ms(4)));
    CHECK(outcome.queued == (tag == 0 ? Duration() : ms(4)));
  }
  CHECK(client.host->running() == 0);
  CHECK(client.host->waiting() == 0);
  client.scheduler.run_all();
  CHECK(client.endings.ended.size() == 3);
}

TEST_CASE("a client without limits has no pool, and no query waits", "[queries]") {
  Client client(QueryOptions{});
  CHECK_FALSE(QueryOptions{}.any());
  for (std::uint64_t tag = 0; tag < 50; ++tag) client.look_up(tag);
  CHECK(client.host->running() == 50);
  CHECK(client.host->waiting() == 0);
  CHECK(client.scheduler.pending() == 100);  // two requests each, and no timer
}

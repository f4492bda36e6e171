// put and get, with peers that do what the test says: behaviour of py-libp2p and of
// go-libp2p-kad-dht.

#include "tests/catch.hpp"
#include "tests/support/scripted_client.hpp"

using namespace kadsim;

namespace {

constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }
SimTime at(Duration since_start) { return SimTime::at(since_start); }
const Hash kKey;  // 0: peer 0 is nearest

struct Client : ScriptedClient {
  explicit Client(ValueStyle style, std::uint32_t contacts = 15, unsigned quorum = 0)
      : Client(contacts, options_of(style, quorum)) {}
  Client(std::uint32_t contacts, const ClientOptions& options)
      : ScriptedClient(contacts, options) {}

  static ClientOptions options_of(ValueStyle style, unsigned quorum = 0) {
    ClientOptions options;
    options.lookup.alpha = 10;
    options.values.style = style;
    options.values.quorum = quorum;
    return options;
  }
  ScriptedConnection::Peer& peer(std::uint32_t number) { return connection.peers[number]; }
  void hold(std::uint32_t first, std::uint32_t last, std::uint32_t version) {
    for (std::uint32_t i = first; i <= last; ++i) peer(i).holds = Record{100, version};
  }
  void put(std::uint32_t version) { client().put_value({kKey, 100, version}, 1, endings); }
  OperationOutcome get() {
    client().get_value(kKey, 2, endings);
    CHECK(endings.ended.empty());  // never during the call
    return last();
  }
  OperationOutcome last() {
    scheduler.run_all();
    REQUIRE(endings.ended.size() == 1);
    CHECK(host->running() == 0);
    return endings.ended.back().outcome;
  }
  std::optional<Record> own() const { return client().stored_record(kKey); }
  std::vector<std::uint32_t> stored_at() const {
    std::vector<std::uint32_t> peers;
    for (const auto& one : connection.of(InteractionKind::kStoreSegment)) {
      peers.push_back(one.interaction.to.value);
    }
    return peers;
  }
};

using Peers = std::vector<std::uint32_t>;
ValueStyle any_style() { return GENERATE(ValueStyle::kPyLibp2p, ValueStyle::kGoLibp2p); }

}  // namespace

TEST_CASE("py-libp2p: with its quorum a get asks no further contact, and waits for those under way",
          "[values]") {
  Client client(ValueStyle::kPyLibp2p, 15, 2);
  client.hold(0, 14, 1);
  for (std::uint32_t slow = 2; slow < 15; ++slow) client.peer(slow).delay = Duration::seconds(3);
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kFound);
  // The first of the two gives its slot to an eleventh contact, the second meets the quorum.
  CHECK(outcome.attempts == 11);
  CHECK(outcome.attempts <= 10 + 2);
  CHECK(outcome.succeeded == 11);
  CHECK(outcome.value.seen == 11);
  CHECK(outcome.value.quorum_met);
  CHECK(outcome.end == at(ms(10) + Duration::seconds(3)));
}

TEST_CASE(
    "go-libp2p: a get ends at the record after its quorum, whichever contacts are still asked",
    "[values]") {
  Client client(ValueStyle::kGoLibp2p, 15, 2);
  client.hold(0, 14, 1);
  for (std::uint32_t i = 0; i < 15; ++i) client.peer(i).delay = ms(10 * (i + 1));
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kFound);
  CHECK(outcome.value.seen == 3);
  CHECK(outcome.value.quorum_met);
  CHECK(outcome.end == at(ms(30)));
  // Having its quorum it repairs no contact.
  CHECK(client.endings.aftermaths.empty());
  CHECK(client.connection.of(InteractionKind::kStoreSegment).empty());
}

TEST_CASE("a get without a quorum asks every contact, and returns the best of all versions",
          "[values]") {
  const ValueStyle style = any_style();
  Client client(style);
  client.hold(0, 4, 3);
  client.hold(5, 5, 7);
  client.hold(6, 9, 1);
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kFound);
  CHECK(outcome.attempts == 15);
  CHECK(outcome.value.seen == 10);
  CHECK(outcome.value.version == 7);
  CHECK(outcome.value.stale == 9);
  CHECK_FALSE(outcome.value.quorum_met);
}

TEST_CASE("a get that misses its quorum still returns the best", "[values]") {
  Client client(any_style(), 15, 5);
  client.hold(0, 2, 4);
  client.hold(3, 3, 2);
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kFound);
  CHECK(outcome.attempts == 15);
  CHECK(outcome.value.version == 4);
  CHECK_FALSE(outcome.value.quorum_met);
}

TEST_CASE("a get of what no node holds has not found it, and stores nothing", "[values]") {
  Client client(any_style());
  client.peer(3).status = ReplyStatus::kRefused;
  client.peer(4).status = ReplyStatus::kNoAnswer;
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kNotFound);
  CHECK(outcome.value.seen == 0);
  CHECK(outcome.succeeded == 13);
  CHECK(outcome.failed == 2);
  CHECK(client.stored_at().empty());
  CHECK_FALSE(client.own().has_value());
}

TEST_CASE("py-libp2p: the next contact starts when the first of the window ends, not the last",
          "[values]") {
  ClientOptions options = Client::options_of(ValueStyle::kPyLibp2p);
  options.lookup.alpha = 3;
  const bool put = GENERATE(false, true);
  Client client(6, options);
  client.peer(1).delay = ms(500);
  if (put) {
    client.put(1);
    client.last();
  } else {
    client.get();
  }
  const auto asked = client.connection.of(put ? InteractionKind::kStoreSegment
                                              : InteractionKind::kRetrieveSegment);
  std::vector<std::int64_t> starts;
  for (const auto& one : asked) starts.push_back((one.at - SimTime()).ns() / 1'000'000);
  CHECK(starts == std::vector<std::int64_t>{0, 0, 0, 10, 10, 20});
}

TEST_CASE("py-libp2p: older holders are repaired, then those without, but none that timed out",
          "[values]") {
  Client client(ValueStyle::kPyLibp2p, 6);
  client.hold(0, 0, 2);
  client.hold(1, 2, 1);
  client.peer(1).delay = ms(20);
  client.peer(4).status = ReplyStatus::kRefused;
  client.peer(5).status = ReplyStatus::kNoAnswer;
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kFound);
  CHECK(client.stored_at() == Peers{1, 2, 3, 4});
  CHECK(outcome.value.repaired == 2);
  CHECK(outcome.value.corrected == 1);  // 3; the contact that refused the query refuses the store
  CHECK(outcome.stores == 3);
  CHECK(outcome.stores_failed == 1);
  CHECK(client.peer(1).holds == Record{100, 2});
  CHECK(client.peer(3).holds == Record{100, 2});
  CHECK_FALSE(client.peer(5).holds.has_value());
  CHECK(client.own() == Record{100, 2});
  // Queries to 10 s, repairs 20 ms, corrections 10 ms, one behind the other: the call waits for
  // all.
  CHECK(outcome.end == at(Duration::seconds(10) + ms(30)));
  CHECK(client.endings.aftermaths.empty());
}

TEST_CASE(
    "py-libp2p: a contact that the asker had no slot for has not answered, and is not corrected",
    "[values]") {
  const bool revoked = GENERATE(false, true);
  Client client(ValueStyle::kPyLibp2p, 4);
  client.hold(0, 0, 2);
  client.peer(1).status = revoked ? ReplyStatus::kRevoked : ReplyStatus::kNoSlot;
  client.peer(2).status = ReplyStatus::kBusy;  // that one's own limits: it refused
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kFound);
  CHECK(outcome.succeeded == 2);
  CHECK(outcome.failed == 2);
  CHECK(client.stored_at() == Peers{2, 3});
  CHECK(outcome.stores == 1);
  CHECK(outcome.stores_failed == 1);
}

TEST_CASE("go-libp2p: a get returns first, then repairs all of its result without the best record",
          "[values]") {
  Client client(ValueStyle::kGoLibp2p, 6);
  client.hold(0, 0, 2);
  client.hold(1, 2, 1);
  client.peer(4).status = ReplyStatus::kRefused;  // failed: not in the result of a lookup
  client.client().get_value(kKey, 2, client.endings, 77);
  client.scheduler.run_all();
  REQUIRE(client.endings.ended.size() == 1);
  const OperationOutcome told = client.endings.ended[0].outcome;
  CHECK(told.status == OperationStatus::kFound);
  CHECK(told.end == at(ms(10)));
  CHECK(told.stores == 0);
  REQUIRE(client.endings.aftermaths.size() == 1);
  const auto& [tag, outcome, contacts] = client.endings.aftermaths[0];
  CHECK(tag == 77);
  CHECK(client.stored_at() == Peers{1, 2, 3, 5});
  CHECK(outcome.value.repaired == 2);
  CHECK(outcome.value.corrected == 2);
  CHECK(outcome.rpcs == told.rpcs + 4);
  CHECK(outcome.end == told.end);
  CHECK(client.scheduler.now() == at(ms(20)));
  CHECK_FALSE(client.own().has_value());  // a node that only asks keeps nothing
}

TEST_CASE("without repair a get stores nowhere but, as py-libp2p, at home", "[values]") {
  const ValueStyle style = any_style();
  ClientOptions options = Client::options_of(style);
  options.values.repair = false;
  Client client(5, options);
  client.hold(0, 0, 2);
  client.hold(1, 1, 1);
  const OperationOutcome outcome = client.get();
  CHECK(outcome.value.version == 2);
  CHECK(client.stored_at().empty());
  CHECK(client.own().has_value() == (style == ValueStyle::kPyLibp2p));
  CHECK(client.endings.aftermaths.empty());
}

TEST_CASE("an own record answers a get of py-libp2p at once, and is one of many in go-libp2p",
          "[values]") {
  const ValueStyle style = any_style();
  Client client(style);
  client.hold(0, 14, 5);
  CHECK(client.client().store_segment({kKey, 100, 3}));
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kFound);
  if (style == ValueStyle::kPyLibp2p) {
    CHECK(outcome.attempts == 0);
    CHECK(outcome.end == outcome.start);
    CHECK(outcome.value.version == 3);
    CHECK(outcome.value.seen == 1);
  } else {
    CHECK(outcome.attempts == 15);
    CHECK(outcome.value.version == 5);
    CHECK(outcome.value.seen == 16);
    CHECK(outcome.value.stale == 1);
  }
}

TEST_CASE("go-libp2p: the own record counts for the quorum, and may be the best", "[values]") {
  Client client(ValueStyle::kGoLibp2p, 15, 1);
  client.hold(0, 14, 5);
  client.peer(0).delay = ms(1);
  CHECK(client.client().store_segment({kKey, 100, 9}));
  const OperationOutcome outcome = client.get();
  CHECK(outcome.value.seen == 2);
  CHECK(outcome.value.version == 9);
  CHECK(outcome.end == at(ms(1)));
}

TEST_CASE("a put is refused at home if a better record is there, and asks no contact", "[values]") {
  Client client(any_style());
  CHECK(client.client().store_segment({kKey, 100, 3}));
  client.put(2);
  CHECK(client.endings.ended.empty());
  const OperationOutcome outcome = client.last();
  CHECK(outcome.status == OperationStatus::kRefused);
  CHECK(outcome.end == outcome.start);
  CHECK(outcome.rpcs == 0);
  CHECK(client.connection.asked.empty());
  CHECK(client.own() == Record{100, 3});
}

TEST_CASE("a put of the version that is there, or a newer one, goes on", "[values]") {
  const ValueStyle style = any_style();
  const std::uint32_t version = GENERATE(3U, 4U);
  Client client(style);
  CHECK(client.client().store_segment({kKey, 100, 3}));
  client.put(version);
  const OperationOutcome outcome = client.last();
  CHECK(outcome.status == OperationStatus::kStored);
  CHECK(outcome.stores == 15);
  CHECK(outcome.value.version == version);
  CHECK(client.own() == Record{100, version});
}

TEST_CASE("a put is refused at home if the store is full", "[values]") {
  ClientOptions options = Client::options_of(any_style());
  options.records.max_records = 0;
  Client client(5, options);
  client.put(1);
  CHECK(client.last().status == OperationStatus::kRefused);
  CHECK(client.connection.asked.empty());
}

TEST_CASE("py-libp2p: a put stores at the closest contacts of the own table, without a lookup",
          "[values]") {
  ClientOptions options = Client::options_of(ValueStyle::kPyLibp2p);
  options.replication = 4;
  Client client(15, options);
  client.put(1);
  const OperationOutcome outcome = client.last();
  CHECK(outcome.status == OperationStatus::kStored);
  CHECK(outcome.attempts == 0);
  CHECK(outcome.rpcs == 4);
  CHECK(outcome.hops == 1);
  CHECK(client.stored_at() == Peers{0, 1, 2, 3});
  CHECK(client.endings.ended[0].contacts.size() == 4);
  CHECK(client.own() == Record{100, 1});
}

TEST_CASE("go-libp2p: a put looks the closest nodes up, then stores at all of them at once",
          "[values]") {
  ClientOptions options = Client::options_of(ValueStyle::kGoLibp2p);
  options.replication = 12;  // more than alpha
  options.lookup.beta = 15;
  Client client(15, options);
  client.put(1);
  const OperationOutcome outcome = client.last();
  CHECK(outcome.status == OperationStatus::kStored);
  CHECK(outcome.attempts == 15);
  CHECK(outcome.stores == 12);
  const auto stores = client.connection.of(InteractionKind::kStoreSegment);
  REQUIRE(stores.size() == 12);
  for (const auto& store : stores) CHECK(store.at == at(ms(20)));
  CHECK(outcome.end == at(ms(30)));
}

TEST_CASE("a put that no other node takes has failed, and the own record stays", "[values]") {
  Client client(any_style());
  const bool unreachable = GENERATE(false, true);
  if (unreachable) {
    for (std::uint32_t i = 0; i < 15; ++i) client.peer(i).status = ReplyStatus::kRefused;
  } else {
    client.hold(0, 14, 9);  // they all hold a better one
  }
  client.put(1);
  const OperationOutcome outcome = client.last();
  CHECK(outcome.status == OperationStatus::kFailed);
  CHECK(outcome.stores == 0);
  if (!unreachable) CHECK(outcome.stores_failed == 15);
  CHECK(client.own() == Record{100, 1});
}

TEST_CASE("without contacts a put fails and a get finds nothing, not during the call", "[values]") {
  Client putting(any_style(), 0);
  putting.put(1);
  CHECK(putting.endings.ended.empty());
  CHECK(putting.last().status == OperationStatus::kFailed);
  Client getting(ValueStyle::kPyLibp2p, 0);
  CHECK(getting.get().status == OperationStatus::kNotFound);
}

TEST_CASE("a query of py-libp2p and a store of go-libp2p have time limits of their own",
          "[values]") {
  const ValueStyle style = any_style();
  const bool py = style == ValueStyle::kPyLibp2p;
  const std::int64_t late_ns = GENERATE(-1, 0, 1);
  ClientOptions options = Client::options_of(style);
  options.rpc_timeout = Duration::seconds(100);
  const Duration limit = Duration::seconds(py ? 10 : 30);
  Client slow(1, options);
  slow.peer(0).delay = limit + Duration::nanoseconds(late_ns);
  slow.put(1);
  const OperationOutcome outcome = slow.last();
  CHECK(outcome.stores == (late_ns > 0 ? 0U : 1U));
  CHECK(outcome.stores_failed == (late_ns > 0 ? 1U : 0U));
}

TEST_CASE("the time limit of an operation cuts a put and a get short", "[values]") {
  ClientOptions options = Client::options_of(any_style());
  options.operation_timeout = ms(15);
  options.values.repair = false;
  Client client(15, options);
  client.hold(0, 2, 4);
  for (std::uint32_t slow = 3; slow < 15; ++slow) client.peer(slow).delay = ms(100);
  const OperationOutcome outcome = client.get();
  CHECK(outcome.status == OperationStatus::kTimeout);
  CHECK(outcome.end == at(ms(15)));
  CHECK(outcome.value.version == 4);  // the best it has
  CHECK(outcome.value.seen == 3);
}

TEST_CASE("the end of the run ends the repairs that a get makes after its end", "[values]") {
  Client client(ValueStyle::kGoLibp2p, 6);
  client.hold(0, 0, 2);
  client.client().get_value(kKey, 2, client.endings);
  client.scheduler.run_until(at(ms(15)));
  CHECK(client.endings.ended.size() == 1);
  CHECK(client.host->running() == 0);
  CHECK(client.endings.aftermaths.empty());
  client.host->cut_off();
  CHECK(client.endings.ended.size() == 1);
  REQUIRE(client.endings.aftermaths.size() == 1);
  CHECK(client.endings.aftermaths[0].outcome.rpcs == 11);
  CHECK(client.endings.aftermaths[0].outcome.stores == 0);
  client.scheduler.run_all();
  CHECK(client.endings.aftermaths.size() == 1);
}

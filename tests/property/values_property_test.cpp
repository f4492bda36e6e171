// Properties of put and get among peers that fail, dawdle and hold whatever versions.

#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"
#include "tests/support/scripted_client.hpp"

#include <set>

using namespace kadsim;

namespace {

const Hash kKey;

class Dice {
 public:
  explicit Dice(std::uint64_t seed)
      : stream_(seed, 0, "test.values"), random_(stream_, {0, 0, 0}) {}
  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(random_.below(limit));
  }

 private:
  RandomStream stream_;
  RandomSequence random_;
};

ClientOptions random_options(Dice& dice) {
  ClientOptions options;
  options.lookup.alpha = 1 + dice.below(12);
  options.replication = 1 + dice.below(20);
  options.rpc_timeout = Duration::milliseconds(100);
  options.values.style = dice.below(2) == 0 ? ValueStyle::kPyLibp2p : ValueStyle::kGoLibp2p;
  options.values.quorum = dice.below(6);
  options.values.repair = dice.below(4) > 0;
  options.values.query_timeout = Duration::milliseconds(1 + dice.below(120));
  options.values.put_timeout = Duration::milliseconds(1 + dice.below(120));
  if (dice.below(5) == 0) options.operation_timeout = Duration::milliseconds(1 + dice.below(200));
  return options;
}

void randomize(ScriptedClient& client, std::uint32_t contacts, Dice& dice) {
  for (std::uint32_t i = 0; i < contacts; ++i) {
    ScriptedConnection::Peer& peer = client.connection.peers[i];
    peer.delay = Duration::milliseconds(1 + dice.below(130));
    const std::uint32_t fate = dice.below(10);
    if (fate == 0) peer.status = ReplyStatus::kRefused;
    if (fate == 1) peer.status = ReplyStatus::kNoAnswer;
    if (dice.below(3) > 0) peer.holds = Record{100, 1 + dice.below(5)};
  }
}

bool asks_values(const ScriptedConnection::Asked& asked) {
  return asked.interaction.kind != InteractionKind::kStoreSegment;
}

}  // namespace

TEST_CASE("whatever fails, a get ends once, its counts meet, and it returns the best that it heard",
          "[values]") {
  for (std::uint64_t seed = 1; seed <= 3000; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    const ClientOptions options = random_options(dice);
    const bool py = options.values.style == ValueStyle::kPyLibp2p;
    const std::uint32_t contacts = dice.below(21);
    ScriptedClient client(contacts, options);
    randomize(client, contacts, dice);
    const auto at_start = client.connection.peers;
    std::uint32_t own = 0;
    if (dice.below(3) == 0) {
      own = 1 + dice.below(5);
      REQUIRE(client.client().store_segment({kKey, 100, own}));
    }
    client.client().get_value(kKey, 1, client.endings);
    REQUIRE(client.endings.ended.empty());
    client.scheduler.run_all();
    REQUIRE(client.endings.ended.size() == 1);
    REQUIRE(client.endings.aftermaths.size() <= 1);
    REQUIRE(client.host->running() == 0);
    const OperationOutcome outcome = client.endings.ended[0].outcome;
    const OperationOutcome after =
        client.endings.aftermaths.empty() ? outcome : client.endings.aftermaths[0].outcome;

    // The oracle: the log of what was answered, in all and surely before the end.
    std::uint32_t best = own;
    std::uint32_t surely = own;
    std::uint32_t seen = own > 0 ? 1 : 0;
    std::uint32_t queries = 0;
    std::uint32_t answered = 0;
    std::uint32_t stores = 0;
    std::set<PeerRef> asked_once;
    for (const auto& asked : client.connection.asked) {
      if (!asks_values(asked)) {
        ++stores;
        continue;
      }
      ++queries;
      REQUIRE(asked_once.insert(asked.interaction.to).second);
      if (asked.status != ReplyStatus::kOk) continue;
      ++answered;
      if (!asked.record.has_value()) continue;
      ++seen;
      best = std::max(best, asked.record->version);
      if (asked.end < outcome.end) surely = std::max(surely, asked.record->version);
    }
    REQUIRE(outcome.attempts == queries);
    REQUIRE(outcome.succeeded + outcome.failed <= outcome.attempts);
    REQUIRE(after.rpcs == queries + stores);
    REQUIRE(after.stores == after.value.repaired + after.value.corrected);
    REQUIRE(outcome.value.version >= surely);
    REQUIRE(outcome.value.version <= best);
    const bool cut = outcome.status == OperationStatus::kTimeout;
    if (!cut) {
      REQUIRE(outcome.status ==
              (outcome.value.seen > 0 ? OperationStatus::kFound : OperationStatus::kNotFound));
      REQUIRE(after.stores + after.stores_failed == stores);
    }
    const bool all_heard = outcome.succeeded + outcome.failed == outcome.attempts;
    if (all_heard) {
      REQUIRE(outcome.succeeded == answered);
      REQUIRE(outcome.failed == queries - answered);
      REQUIRE(outcome.value.seen == seen);
      REQUIRE(outcome.value.version == best);
    }
    if (py && !cut) REQUIRE(all_heard);
    if (options.values.quorum > 0 && !py) REQUIRE(outcome.value.seen <= options.values.quorum + 1);
    // No node ends with an older record than before, whatever is repaired.
    for (const auto& [number, before] : at_start) {
      const auto& now = client.connection.peers[number].holds;
      if (before.holds.has_value()) REQUIRE_FALSE(before.holds->better_than(*now));
    }
    for (const auto& asked : client.connection.asked) {
      if (asks_values(asked)) continue;
      REQUIRE(asked.record->version == outcome.value.version);
      REQUIRE(options.values.repair);
    }
    if (py && outcome.status == OperationStatus::kFound) {
      REQUIRE(client.client().stored_record(kKey)->version == outcome.value.version);
    }
  }
}

TEST_CASE("whatever fails, a put ends once, counts every store, and keeps to its window",
          "[values]") {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    CAPTURE(seed);
    Dice dice(seed);
    const ClientOptions options = random_options(dice);
    const bool py = options.values.style == ValueStyle::kPyLibp2p;
    const std::uint32_t contacts = dice.below(21);
    ScriptedClient client(contacts, options);
    randomize(client, contacts, dice);
    const std::uint32_t own = dice.below(4);
    if (own > 0) REQUIRE(client.client().store_segment({kKey, 100, own}));
    const std::uint32_t version = 1 + dice.below(4);
    client.client().put_value({kKey, 100, version}, 1, client.endings);
    client.scheduler.run_all();
    REQUIRE(client.endings.ended.size() == 1);
    const OperationOutcome outcome = client.endings.ended[0].outcome;
    REQUIRE((outcome.status == OperationStatus::kRefused) == (version < own));
    REQUIRE(client.client().stored_record(kKey)->version == std::max(version, own));
    if (outcome.status == OperationStatus::kRefused) {
      REQUIRE(client.connection.asked.empty());
      continue;
    }
    const auto stores = client.connection.of(InteractionKind::kStoreSegment);
    const bool cut = outcome.status == OperationStatus::kTimeout;
    if (!cut) {
      REQUIRE(outcome.stores + outcome.stores_failed == stores.size());
      REQUIRE(outcome.status ==
              (outcome.stores > 0 ? OperationStatus::kStored : OperationStatus::kFailed));
    }
    REQUIRE(stores.size() <= options.replication);
    if (py && !cut) REQUIRE(stores.size() == std::min(contacts, options.replication));
    // Never more at once than alpha; and while a contact waits, never fewer.
    std::set<PeerRef> stored_once;
    for (const auto& store : stores) {
      REQUIRE(stored_once.insert(store.interaction.to).second);
      if (!py) {
        REQUIRE(store.at == stores.front().at);
        continue;
      }
      const auto under_way = static_cast<std::size_t>(std::ranges::count_if(
          stores, [&](const auto& other) { return other.at <= store.at && store.at < other.end; }));
      REQUIRE(under_way <= options.lookup.alpha);
      if (store.at > SimTime()) {
        REQUIRE(
            std::ranges::any_of(stores, [&](const auto& other) { return other.end == store.at; }));
      }
    }
  }
}

// What a record carries besides its size and version, on its way: from the caller of an operation
// to the holders, and back in their answers.

#include "sim/world/presence.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <string_view>

using namespace kadsim;

namespace {

constexpr std::uint32_t kNodes = 60;
constexpr std::uint32_t kWriter = 3;
constexpr std::string_view kText = "what is stored under the key";
const Segment kRecord{Hash::of_name("a key"), static_cast<std::uint32_t>(kText.size()), 1};
constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

std::vector<std::uint8_t> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }
RecordOptions options(std::optional<Duration> lifetime) {
  return {.value = bytes_of(kText), .lifetime = lifetime, .provider = {17}};
}
bool has_text(const RecordDetails* details, std::string_view text = kText) {
  return details != nullptr && details->value != nullptr && *details->value == bytes_of(text);
}

struct Ending {
  OperationStatus status;
  std::optional<RecordDetails> details;
};

// A small network in which all nodes know each other, so that the record of a key is at the eight
// closest, whichever node stores it. Its operations end one after the other.
class World final : public OperationListener {
 public:
  explicit World(NetworkSetup setup) {
    setup.network.nodes = kNodes;
    network = DhtNetwork::init_with_random_peers(setup, scheduler);
    reader = sorted_by_distance(network->population(), kRecord.key, {kWriter}, kNodes).back().value;
  }
  static NetworkSetup setup(ValueStyle style = ValueStyle::kGoLibp2p) {
    NetworkSetup setup = plain_setup(1, 8);
    setup.client.lookup.k = kNodes;
    setup.client.values.style = style;
    return setup;
  }
  void on_operation_end(std::uint64_t, const OperationOutcome& outcome) override {
    ended.push_back({outcome.status, std::nullopt});
    if (outcome.details != nullptr) ended.back().details = *outcome.details;
  }

  [[nodiscard]] DhtClient client(std::uint32_t peer) const { return network->client({peer}); }
  void put(const Segment& record, const RecordOptions& options) {
    client(kWriter).put_value(record, options, ++key_, *this);
  }
  Ending get() {
    client(reader).get_value(kRecord.key, ++key_, *this);
    return last();
  }
  Ending last() {
    scheduler.run_all();
    REQUIRE_FALSE(ended.empty());
    return ended.back();
  }
  /// The nodes that hold the record now, that of the caller included.
  [[nodiscard]] std::vector<std::uint32_t> holders() const {
    std::vector<std::uint32_t> all;
    for (std::uint32_t peer = 0; peer < kNodes; ++peer) {
      if (client(peer).stored_record(kRecord.key).has_value()) all.push_back(peer);
    }
    return all;
  }

  Scheduler scheduler;
  std::unique_ptr<DhtNetwork> network;
  std::vector<Ending> ended;
  std::uint32_t reader = 0;  ///< farthest from the key: it holds no record before it asks

 private:
  std::uint64_t key_ = 0;
};

ValueStyle any_style() { return GENERATE(ValueStyle::kPyLibp2p, ValueStyle::kGoLibp2p); }

}  // namespace

TEST_CASE("a put brings its details to all holders, and a get brings them back until they expire",
          "[records]") {
  World world(World::setup(any_style()));
  world.scheduler.run_until(SimTime::at(ms(500)));
  const SimTime start = world.scheduler.now();
  const SimTime expiry = start + Duration::minutes(1);
  world.put(kRecord, options(Duration::minutes(1)));
  CHECK(world.last().status == OperationStatus::kStored);
  CHECK(world.holders().size() == 9);
  for (const std::uint32_t peer : world.holders()) {
    const RecordDetails* const held = world.client(peer).stored_details(kRecord.key);
    REQUIRE(has_text(held));
    CHECK(held->expires_at == expiry);
    CHECK(held->provider == PeerRef{17});
    CHECK((held->stored_at == start) == (peer == kWriter));
    CHECK(held->stored_at <= world.scheduler.now());
    CHECK(world.client(peer).next_expiry() == expiry + Duration::nanoseconds(1));
  }

  const Ending found = world.get();
  CHECK(found.status == OperationStatus::kFound);
  REQUIRE(found.details.has_value());
  CHECK(has_text(&*found.details));
  CHECK(found.details->expires_at == expiry);
  CHECK(found.details->stored_at > start);

  // At its expiry the record is there and answers still bring it; then it is nowhere.
  for (const int past : {-1, 0}) {
    world.scheduler.run_until(expiry + Duration::nanoseconds(past));
    CHECK(world.holders().size() >= 9);
  }
  world.scheduler.run_until(expiry + Duration::nanoseconds(1));
  CHECK(world.holders().empty());
  const Ending lost = world.get();
  CHECK(lost.status == OperationStatus::kNotFound);
  CHECK_FALSE(lost.details.has_value());
  CHECK(world.client(kWriter).expire_records() == 1);
  CHECK(world.client(kWriter).next_expiry() == std::nullopt);
}

TEST_CASE("a provide and a retrieve bring details as well", "[records]") {
  World world(World::setup());
  world.client(kWriter).provide_block_segment(kRecord, options(Duration::minutes(1)), 100, world);
  CHECK(world.last().status == OperationStatus::kStored);
  const auto retrieve = [&](std::uint32_t peer, std::uint64_t key) {
    world.client(peer).retrieve_segment(kRecord.key, key, world);
    return world.last();
  };
  const Ending found = retrieve(world.reader, 101);
  CHECK(found.status == OperationStatus::kFound);
  REQUIRE(found.details.has_value());
  CHECK(has_text(&*found.details));
  // A holder has them without asking.
  const Ending own = retrieve(world.holders().front(), 102);
  REQUIRE(own.details.has_value());
  CHECK(has_text(&*own.details));
  world.scheduler.run_until(SimTime::at(Duration::minutes(1)) + Duration::nanoseconds(1));
  CHECK(retrieve(world.reader, 103).status == OperationStatus::kNotFound);
}

TEST_CASE("details pass the limits of both ends, and wait in line with their operation",
          "[records]") {
  NetworkSetup setup = World::setup(any_style());
  setup.client.resources.streams = {.outbound = 2, .inbound = 1};
  setup.client.resources.on_limit = on_limit::Wait{};
  setup.client.resources.negotiations = 1;
  setup.client.resources.service_time = ms(3);
  setup.client.queries.concurrency = 1;
  World world(setup);
  Segment newer = kRecord;
  newer.version = 2;
  newer.bytes = 5;
  world.put(kRecord, options(std::nullopt));
  world.put(newer, {.value = bytes_of("newer")});
  CHECK(world.network->host().waiting() == 1);
  CHECK(world.last().status == OperationStatus::kStored);
  CHECK(world.ended.size() == 2);
  const Ending found = world.get();
  REQUIRE(found.details.has_value());
  CHECK(has_text(&*found.details, "newer"));
  for (const std::uint32_t peer : world.holders()) {
    CHECK(has_text(world.client(peer).stored_details(kRecord.key), "newer"));
  }
}

TEST_CASE("whenever a put is cut short, a store that arrives later still brings its details",
          "[records]") {
  std::size_t late = 0;
  for (std::int64_t limit = 1; limit < 120; ++limit) {
    NetworkSetup setup = World::setup();
    setup.client.operation_timeout = ms(limit);
    World world(setup);
    world.put(kRecord, options(std::nullopt));
    world.scheduler.run_until(SimTime::at(ms(limit)));
    const std::size_t at_end = world.holders().size();
    world.scheduler.run_all();
    const std::vector<std::uint32_t> holders = world.holders();
    late += holders.size() - at_end;
    for (const std::uint32_t peer : holders) {
      CHECK(has_text(world.client(peer).stored_details(kRecord.key)));
    }
  }
  CHECK(late > 0);
}

TEST_CASE("a get repairs older records with what the best one carries", "[records]") {
  World world(World::setup(any_style()));
  world.put(kRecord, options(std::nullopt));
  world.scheduler.run_all();
  const auto nearest = sorted_by_distance(world.network->population(), kRecord.key, {kWriter}, 8);
  Segment newer = kRecord;
  newer.version = 2;
  newer.bytes = 5;
  CHECK(world.client(nearest[5].value).store_segment(newer, {.value = bytes_of("newer")}));
  const Ending found = world.get();
  REQUIRE(found.details.has_value());
  CHECK(has_text(&*found.details, "newer"));
  std::size_t repaired = 0;
  for (const std::uint32_t peer : world.holders()) {
    if (world.client(peer).stored_record(kRecord.key)->version < 2) continue;
    CHECK(has_text(world.client(peer).stored_details(kRecord.key), "newer"));
    ++repaired;
  }
  CHECK(repaired >= 8);
}

namespace {

// No node hears anything until `from`.
class Deaf final : public Presence {
 public:
  Deaf(const Scheduler& scheduler, SimTime from) : scheduler_(scheduler), from_(from) {}
  [[nodiscard]] bool is_present(PeerRef) const override { return scheduler_.now() >= from_; }

 private:
  const Scheduler& scheduler_;
  SimTime from_;
};

class Deafened final : public ReplyHandler {
 public:
  [[nodiscard]] bool awaits(std::uint64_t) const override { return true; }
  void on_reply(std::uint64_t, const Interaction&, const Reply& reply) override {
    statuses.push_back(reply.status);
  }
  std::vector<ReplyStatus> statuses;
};

}  // namespace

TEST_CASE("details of a message that was lost are not found in the next one", "[records]") {
  World world(World::setup());
  const Deaf deaf(world.scheduler, SimTime::at(ms(100)));
  world.network->set_presence(&deaf);
  Deafened handler;
  const RecordDetails details = options(std::nullopt).details_of(kRecord, SimTime());
  const auto store = [&](const RecordDetails* carried) {
    const SimTime deadline = world.scheduler.now() + ms(100);
    world.network->connection().store_segment(
        {.kind = InteractionKind::kStoreSegment, .from = {0}, .to = {1}, .deadline = deadline},
        kRecord, carried, handler, 0);
    world.scheduler.run_all();
  };
  store(&details);
  CHECK(handler.statuses.back() == ReplyStatus::kNoAnswer);
  store(nullptr);
  CHECK(handler.statuses.back() == ReplyStatus::kOk);
  CHECK(world.client(1).stored_record(kRecord.key) == kRecord.record());
  CHECK(world.client(1).stored_details(kRecord.key) == nullptr);
  store(&details);
  CHECK(has_text(world.client(1).stored_details(kRecord.key)));
}

// What a node keeps under a key, when several versions of it arrive, and when they expire.

#include "core/client/record_store.hpp"
#include "tests/catch.hpp"
#include "tests/unit/counted_memory.hpp"

#include <map>

using namespace kadsim;

namespace {

const Hash kKey = Hash::of_name("a key");
const RecordLimits kLimits{.max_records = 2, .max_value_bytes = 100};
const Segment kAnother{Hash::of_name("another"), 1};
const Segment kThird{Hash::of_name("a third"), 1};

Segment version(std::uint32_t number, std::uint32_t bytes = 10) { return {kKey, bytes, number}; }
constexpr SimTime at(std::int64_t ns) { return SimTime::at_ns(ns); }
RecordDetails until(std::int64_t ns) { return {.expires_at = at(ns)}; }

// A store and the time, which stands still unless a test says otherwise.
struct Kept {
  RecordStore store;
  SimTime now;

  bool take(const Segment& segment) { return store.store(segment, nullptr, kLimits, now); }
  bool take(const Segment& segment, const RecordDetails& details) {
    return store.store(segment, &details, kLimits, now);
  }
  [[nodiscard]] std::optional<Record> find(const Hash& key = kKey) const {
    return store.find(key, now);
  }
  [[nodiscard]] const RecordDetails* details(const Hash& key = kKey) const {
    return store.details(key, now);
  }
};

}  // namespace

TEST_CASE("a record gives way to a newer version only", "[records]") {
  Kept kept;
  CHECK(kept.take(version(3)));
  CHECK_FALSE(kept.take(version(2)));
  CHECK(kept.find() == Record{10, 3});
  CHECK(kept.take(version(4, 20)));
  CHECK(kept.find() == Record{20, 4});
}

TEST_CASE("the version that is held already is accepted, and changes nothing", "[records]") {
  Kept kept;
  CHECK(kept.take(version(3, 10)));
  CHECK(kept.take(version(3, 20)));
  CHECK(kept.find() == Record{10, 3});
}

TEST_CASE("plain segments, which have no versions, replace each other and no record", "[records]") {
  Kept kept;
  CHECK(kept.take(version(0, 10)));
  CHECK(kept.take(version(0, 20)));
  CHECK(kept.find() == Record{20, 0});
  CHECK(kept.take(version(1, 30)));
  CHECK_FALSE(kept.take(version(0, 40)));
  CHECK(kept.find() == Record{30, 1});
}

TEST_CASE("a full store still takes newer versions of what it holds, within the size limit",
          "[records]") {
  Kept kept;
  CHECK(kept.take(version(1)));
  CHECK(kept.take(kAnother));
  CHECK_FALSE(kept.take(kThird));
  CHECK(kept.take(version(2)));
  CHECK_FALSE(kept.take(version(3, 101)));
  CHECK(kept.find() == Record{10, 2});
  CHECK(kept.store.size() == 2);
}

TEST_CASE("a record is held up to and including its expiry, and is gone a nanosecond later",
          "[records]") {
  Kept kept;
  CHECK(kept.take(version(1), until(100)));
  CHECK(kept.store.next_expiry() == at(101));
  for (const std::int64_t ns : {99, 100}) {
    kept.now = at(ns);
    CHECK(kept.find() == Record{10, 1});
    CHECK(kept.details() != nullptr);
    CHECK(kept.store.expire(kept.now) == 0);
  }
  // Gone before it is dropped: no caller has to drop it first.
  kept.now = at(101);
  CHECK(kept.find() == std::nullopt);
  CHECK(kept.details() == nullptr);
  CHECK(kept.store.size() == 1);
  CHECK(kept.store.expire(kept.now) == 1);
  CHECK(kept.store.size() == 0);
  CHECK(kept.store.next_expiry() == std::nullopt);
}

TEST_CASE("what has expired takes no room and bars no older version", "[records]") {
  Kept kept;
  CHECK(kept.take(version(5), until(100)));
  CHECK(kept.take(kAnother));
  CHECK_FALSE(kept.take(kThird));
  kept.now = at(101);
  CHECK(kept.take(version(1)));
  CHECK(kept.find() == Record{10, 1});
  CHECK_FALSE(kept.take(kThird));
}

TEST_CASE("a record that has expired already is refused, and changes nothing", "[records]") {
  Kept kept;
  CHECK(kept.take(version(1), until(50)));
  kept.now = at(40);
  CHECK_FALSE(kept.take(version(2), until(39)));
  CHECK(kept.find() == Record{10, 1});
  CHECK(kept.store.next_expiry() == at(51));
  CHECK(kept.take(version(2), until(40)));
  CHECK(kept.store.next_expiry() == at(41));
}

TEST_CASE("a record is renewed by details that come with the version it has", "[records]") {
  Kept kept;
  CHECK(kept.take(version(1), until(100)));
  kept.now = at(60);
  CHECK(kept.take(version(1), until(160)));
  CHECK(kept.details()->stored_at == at(60));
  CHECK(kept.store.next_expiry() == at(161));
  // Without details that version brings nothing new, and takes nothing away.
  CHECK(kept.take(version(1)));
  CHECK(kept.store.next_expiry() == at(161));
  // A newer version has its own.
  CHECK(kept.take(version(2)));
  CHECK(kept.details() == nullptr);
  CHECK(kept.store.next_expiry() == std::nullopt);
}

TEST_CASE("the next expiry is the soonest, whatever was stored when", "[records]") {
  RecordStore store;
  const RecordLimits limits;
  const auto key = [](std::uint32_t i) { return Hash().with_bit_flipped(i); };
  const std::int64_t expiries[] = {30, 10, 20, 10};
  for (std::uint32_t i = 0; i < 4; ++i) {
    const RecordDetails details = until(expiries[i]);
    CHECK(store.store({key(i), 1, 1}, &details, limits, at(0)));
  }
  const RecordDetails for_ever;
  CHECK(store.store({key(4), 1, 1}, &for_ever, limits, at(0)));
  CHECK(store.next_expiry() == at(11));
  CHECK(store.expire(at(11)) == 2);
  CHECK(store.next_expiry() == at(21));
  CHECK(store.expire(at(1'000)) == 2);
  CHECK(store.next_expiry() == std::nullopt);
  CHECK(store.expire(SimTime::max()) == 0);
  CHECK(store.find(key(4), SimTime::max()) == Record{1, 1});
}

TEST_CASE("a store without details takes the memory of its records, and one pointer", "[records]") {
  STATIC_REQUIRE(sizeof(RecordStore) == sizeof(std::map<Hash, Record>) + sizeof(void*));
  const auto memory_of = [](const auto& fill) {
    const CountedMemory before = counted_memory();
    fill();
    const CountedMemory after = counted_memory();
    return std::pair(after.allocations - before.allocations, after.live_bytes - before.live_bytes);
  };
  const RecordLimits limits;
  RecordStore store;
  std::map<Hash, Record> plain;
  const auto records = memory_of([&] {
    for (std::uint32_t i = 0; i < 200; ++i) plain.emplace(Hash().with_bit_flipped(i), Record{i, 1});
  });
  const auto stored = memory_of([&] {
    for (std::uint32_t i = 0; i < 200; ++i) {
      store.store({Hash().with_bit_flipped(i), i, 1}, nullptr, limits, at(i));
    }
    store.expire(at(1'000));
  });
  CHECK(plain.size() == 200);
  CHECK(store.size() == 200);
  CHECK(stored.first == records.first);
  // What malloc hands out may be 16 bytes more than asked for, depending on what was free.
  CHECK(stored.second <= records.second + 16 * store.size());
}

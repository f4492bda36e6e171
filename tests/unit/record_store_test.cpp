// What a node keeps under a key, when several versions of it arrive.

#include "core/client/record_store.hpp"
#include "tests/catch.hpp"

using namespace kadsim;

namespace {

const Hash kKey = Hash::of_name("a key");
const RecordLimits kLimits{.max_records = 2, .max_value_bytes = 100};

Segment version(std::uint32_t number, std::uint32_t bytes = 10) { return {kKey, bytes, number}; }

}  // namespace

TEST_CASE("a record gives way to a newer version only", "[records]") {
  RecordStore store;
  CHECK(store.store(version(3), kLimits));
  CHECK_FALSE(store.store(version(2), kLimits));
  CHECK(store.find(kKey) == Record{10, 3});
  CHECK(store.store(version(4, 20), kLimits));
  CHECK(store.find(kKey) == Record{20, 4});
}

TEST_CASE("the version that is held already is accepted, and changes nothing", "[records]") {
  RecordStore store;
  CHECK(store.store(version(3, 10), kLimits));
  CHECK(store.store(version(3, 20), kLimits));
  CHECK(store.find(kKey) == Record{10, 3});
}

TEST_CASE("plain segments, which have no versions, replace each other and no record", "[records]") {
  RecordStore store;
  CHECK(store.store(version(0, 10), kLimits));
  CHECK(store.store(version(0, 20), kLimits));
  CHECK(store.find(kKey) == Record{20, 0});
  CHECK(store.store(version(1, 30), kLimits));
  CHECK_FALSE(store.store(version(0, 40), kLimits));
  CHECK(store.find(kKey) == Record{30, 1});
}

TEST_CASE("a full store still takes newer versions of what it holds, within the size limit",
          "[records]") {
  RecordStore store;
  CHECK(store.store(version(1), kLimits));
  CHECK(store.store({Hash::of_name("another"), 1}, kLimits));
  CHECK_FALSE(store.store({Hash::of_name("a third"), 1}, kLimits));
  CHECK(store.store(version(2), kLimits));
  CHECK_FALSE(store.store(version(3, 101), kLimits));
  CHECK(store.find(kKey) == Record{10, 2});
  CHECK(store.size() == 2);
}

// A record store against a list of records that is searched from one end to the other.

#include "core/client/record_store.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <vector>

using namespace kadsim;

namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed)
      : stream_(seed, 0, "test.records"), random_(stream_, {0, 0, 0}) {}
  std::uint32_t below(std::uint32_t limit) {
    return static_cast<std::uint32_t>(random_.below(limit));
  }

 private:
  RandomStream stream_;
  RandomSequence random_;
};

constexpr RecordLimits kLimits{.max_records = 4, .max_value_bytes = 50};
constexpr std::uint32_t kKeys = 6;

Hash key(std::uint32_t number) { return Hash().with_bit_flipped(number); }

// The rules, one after the other, on records in no order. What has expired is dropped first,
// whatever is asked.
class Model {
 public:
  struct Entry {
    Segment segment;
    std::optional<RecordDetails> details;
  };

  void drop(SimTime now) {
    std::erase_if(entries, [now](const Entry& entry) {
      return entry.details.has_value() && entry.details->expires_at < now;
    });
  }
  bool store(const Segment& segment, std::optional<RecordDetails> details, SimTime now) {
    drop(now);
    if (details.has_value() && details->expires_at < now) return false;
    if (details.has_value()) details->stored_at = now;
    if (segment.bytes > kLimits.max_value_bytes) return false;
    Entry* const held = find(segment.key);
    if (held == nullptr) {
      if (entries.size() == kLimits.max_records) return false;
      entries.push_back({segment, details});
      return true;
    }
    if (segment.version < held->segment.version) return false;
    const bool newer = segment.version > held->segment.version || segment.version == 0;
    if (newer || details.has_value()) *held = {segment, details};
    return true;
  }
  Entry* find(const Hash& wanted) {
    for (Entry& entry : entries) {
      if (entry.segment.key == wanted) return &entry;
    }
    return nullptr;
  }
  /// When the first of them has expired; none if none ever does.
  [[nodiscard]] std::optional<SimTime> next_expiry() const {
    std::optional<SimTime> next;
    for (const Entry& entry : entries) {
      if (!entry.details.has_value() || entry.details->expires_at == SimTime::max()) continue;
      const SimTime gone = entry.details->expires_at + Duration::nanoseconds(1);
      if (!next.has_value() || gone < *next) next = gone;
    }
    return next;
  }

  std::vector<Entry> entries;
};

void check_same(const RecordStore& store, Model& model, SimTime now) {
  model.drop(now);
  for (std::uint32_t i = 0; i < kKeys; ++i) {
    const Model::Entry* const entry = model.find(key(i));
    const auto found = store.find(key(i), now);
    const RecordDetails* const details = store.details(key(i), now);
    REQUIRE(found.has_value() == (entry != nullptr));
    REQUIRE((details != nullptr) == (entry != nullptr && entry->details.has_value()));
    if (entry != nullptr) REQUIRE(*found == entry->segment.record());
    if (details == nullptr) continue;
    REQUIRE(details->value == entry->details->value);
    REQUIRE(details->stored_at == entry->details->stored_at);
    REQUIRE(details->expires_at == entry->details->expires_at);
    REQUIRE(details->provider == entry->details->provider);
  }
}

std::optional<RecordDetails> random_details(Dice& dice, SimTime now) {
  if (dice.below(3) == 0) return std::nullopt;
  RecordDetails details{.provider = {dice.below(100)}};
  details.value = std::make_shared<const std::vector<std::uint8_t>>();
  const std::int64_t ns = now.ns() + std::int64_t{dice.below(30)} - 3;
  if (dice.below(5) > 0) details.expires_at = SimTime::at_ns(ns);
  return details;
}

}  // namespace

TEST_CASE("a store holds what going through all records says, at each instant", "[records]") {
  const auto seed = GENERATE(range<std::uint64_t>(0, 20));
  Dice dice(seed);
  RecordStore store;
  Model model;
  SimTime now;
  unsigned gone = 0;
  for (int step = 0; step < 2'000; ++step) {
    now += Duration::nanoseconds(dice.below(4));
    if (dice.below(4) > 0) {
      const Segment segment{key(dice.below(kKeys)), 1 + dice.below(55), dice.below(4)};
      const auto details = random_details(dice, now);
      REQUIRE(store.store(segment, or_null(details), kLimits, now) ==
              model.store(segment, details, now));
    } else {
      const auto next = store.next_expiry();
      const bool due = next.has_value() && *next <= now;
      const std::size_t dropped = store.expire(now);
      REQUIRE((dropped > 0) == due);
      gone += static_cast<unsigned>(dropped);
      model.drop(now);
      REQUIRE(store.size() == model.entries.size());
      REQUIRE(store.next_expiry() == model.next_expiry());
    }
    check_same(store, model, now);
  }
  CHECK(gone > 20);
}

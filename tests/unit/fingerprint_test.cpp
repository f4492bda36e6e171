#include "sim/measure/fingerprint.hpp"

#include "core/base/assert.hpp"
#include "core/random/random_stream.hpp"
#include "sim/measure/fingerprint_timeline.hpp"
#include "tests/catch.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

using namespace kadsim;

namespace {

const FingerprintRecord kExample = {.time = SimTime::at_ns(1'234'567'890),
                                    .node = 42,
                                    .kind = 3,
                                    .operation = 0x0000'0001'0000'0007,
                                    .attempt = 5,
                                    .outcome = 2};

FingerprintRecord record(std::uint64_t i) {
  return {.time = SimTime::at_ns(static_cast<std::int64_t>(i) * 1'000'003),
          .node = i % 17,
          .kind = static_cast<std::uint32_t>(i % 5),
          .operation = i / 7,
          .attempt = static_cast<std::uint32_t>(i % 20),
          .outcome = static_cast<std::uint32_t>(i % 3)};
}

std::vector<FingerprintRecord> thousand_records() {
  std::vector<FingerprintRecord> records;
  for (std::uint64_t i = 0; i < 1000; ++i) records.push_back(record(i));
  return records;
}

std::vector<FingerprintRecord> shuffled(std::vector<FingerprintRecord> records,
                                        std::uint64_t seed) {
  const RandomStream stream(seed, 0, "fingerprint_test");
  RandomSequence random(stream, {});
  for (std::size_t i = records.size(); i > 1; --i) {
    std::swap(records[i - 1], records[random.below(i)]);
  }
  return records;
}

Fingerprint fingerprint_of(const std::vector<FingerprintRecord>& records) {
  Fingerprint fingerprint;
  for (const FingerprintRecord& each : records) fingerprint.add(each);
  return fingerprint;
}

FingerprintTimeline timeline_of(const std::vector<FingerprintRecord>& records) {
  FingerprintTimeline timeline;
  for (const FingerprintRecord& each : records) timeline.add(each);
  return timeline;
}

FingerprintRecord at_ns(std::int64_t ns) {
  FingerprintRecord at = kExample;
  at.time = SimTime::at_ns(ns);
  return at;
}

}  // namespace

TEST_CASE("a record is written field by field, little-endian, without padding", "[fingerprint]") {
  std::string hex;
  for (const unsigned char byte : kExample.serialised()) hex += fmt::format("{:02x}", byte);
  CHECK(hex ==
        "d202964900000000"
        "2a00000000000000"
        "03000000"
        "0700000001000000"
        "05000000"
        "02000000");
}

// Expected values: libxxhash 0.8.1 as a shared library, over bytes packed by Python's struct
// ("<qQIQII").
TEST_CASE("a fingerprint is the sum of the XXH3-128 of its records", "[fingerprint]") {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  const FingerprintRecord zeros;
  const FingerprintRecord ones = {.time = SimTime::max(),
                                  .node = std::numeric_limits<std::uint64_t>::max(),
                                  .kind = most,
                                  .operation = std::numeric_limits<std::uint64_t>::max(),
                                  .attempt = most,
                                  .outcome = most};
  CHECK(Fingerprint().hex() == "00000000000000000000000000000000");
  CHECK(fingerprint_of({zeros}).hex() == "de7d71112ba8a784a2072842cc0b0784");
  CHECK(fingerprint_of({kExample}).hex() == "c7641d8b202f56c991aab1f27d8e8314");
  CHECK(fingerprint_of({ones}).hex() == "e0fd59ac2a8090062c7db4fdc0aa6819");
  CHECK(fingerprint_of({zeros, kExample, ones}).hex() == "86dee84876588e54602f8f330a43f2b1");
  CHECK(fingerprint_of(thousand_records()).hex() == "8c8d7c1292574820331d054a26f7579f");
}

TEST_CASE("a fingerprint ignores the order of its records and sees each of their fields",
          "[fingerprint]") {
  const std::vector<FingerprintRecord> records = thousand_records();
  const Fingerprint whole = fingerprint_of(records);
  CHECK(fingerprint_of(shuffled(records, 1)) == whole);

  const auto with = [&records](auto change) {
    std::vector<FingerprintRecord> changed = records;
    change(changed[500]);
    return fingerprint_of(changed);
  };
  CHECK(with([](FingerprintRecord& r) { r.time += Duration::nanoseconds(1); }) != whole);
  CHECK(with([](FingerprintRecord& r) { ++r.node; }) != whole);
  CHECK(with([](FingerprintRecord& r) { ++r.kind; }) != whole);
  CHECK(with([](FingerprintRecord& r) { ++r.operation; }) != whole);
  CHECK(with([](FingerprintRecord& r) { ++r.attempt; }) != whole);
  CHECK(with([](FingerprintRecord& r) { ++r.outcome; }) != whole);

  // A record that comes twice counts twice: it does not cancel out, as it would with XOR.
  CHECK(fingerprint_of({kExample, kExample}) != Fingerprint());
  CHECK(fingerprint_of({kExample, kExample}) != fingerprint_of({kExample}));
}

TEST_CASE("fingerprints of parts merge to that of the whole", "[fingerprint]") {
  const std::vector<FingerprintRecord> records = thousand_records();
  Fingerprint first = fingerprint_of({records.begin(), records.begin() + 333});
  first.merge(fingerprint_of({records.begin() + 333, records.end()}));
  CHECK(first == fingerprint_of(records));
}

TEST_CASE("a timeline starts with intervals of 1 ms and names the empty ones", "[fingerprint]") {
  CHECK(FingerprintTimeline().rows().empty());
  const FingerprintTimeline timeline = timeline_of({at_ns(999'999), at_ns(2'000'000), at_ns(0)});
  const auto rows = timeline.rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].from == SimTime());
  CHECK(rows[0].until == SimTime::at_ns(1'000'000));
  CHECK(rows[0].records == 2);
  CHECK(rows[0].fingerprint == fingerprint_of({at_ns(0), at_ns(999'999)}));
  CHECK(rows[1].records == 0);
  CHECK(rows[1].fingerprint == Fingerprint());
  CHECK(rows[2].from == SimTime::at_ns(2'000'000));
  CHECK(rows[2].fingerprint == fingerprint_of({at_ns(2'000'000)}));
}

TEST_CASE("intervals double when a record falls beyond the last", "[fingerprint]") {
  FingerprintTimeline timeline;
  timeline.add(at_ns(1'500'000));
  timeline.add(at_ns(1'023'999'999));
  CHECK(timeline.rows().size() == 1024);
  timeline.add(at_ns(1'024'000'000));
  const auto rows = timeline.rows();
  REQUIRE(rows.size() == 513);
  CHECK(rows[0].until == SimTime::at_ns(2'000'000));
  CHECK(rows[0].fingerprint == fingerprint_of({at_ns(1'500'000)}));
  CHECK(rows[511].fingerprint == fingerprint_of({at_ns(1'023'999'999)}));
  CHECK(rows[512].fingerprint == fingerprint_of({at_ns(1'024'000'000)}));
}

TEST_CASE("rows follow from the records, not from their order", "[fingerprint]") {
  const auto seed = GENERATE(range(std::uint64_t{1}, std::uint64_t{11}));
  std::vector<FingerprintRecord> records = thousand_records();
  records.push_back(at_ns(3'000'000'000));
  records.push_back(at_ns(70'000'000'000));
  INFO("seed " << seed);
  const FingerprintTimeline timeline = timeline_of(shuffled(records, seed));
  CHECK((timeline.rows() == timeline_of(records).rows()));
  CHECK(timeline.total() == fingerprint_of(records));
  CHECK(timeline.records() == records.size());
  CHECK(timeline.rows().size() <= FingerprintTimeline::kMaxIntervals);
}

TEST_CASE("a timeline holds the last point of time and refuses negative ones", "[fingerprint]") {
  FingerprintTimeline timeline;
  timeline.add(at_ns(0));
  timeline.add(at_ns(SimTime::max().ns()));
  const auto rows = timeline.rows();
  CHECK(rows.size() <= FingerprintTimeline::kMaxIntervals);
  CHECK(rows.front().records == 1);
  CHECK(rows.back().records == 1);
  CHECK(rows.back().until == SimTime::max());
  CHECK_THROWS_AS(timeline.add(at_ns(-1)), AssertionError);
}

#include "core/resource/go_libp2p/limit_scaling.hpp"
#include "core/resource/go_libp2p/limits.hpp"
#include "tests/catch.hpp"

#include <optional>
#include <vector>

using namespace kadsim;
using namespace kadsim::go_libp2p;

namespace {

constexpr std::int64_t kMiB = 1 << 20;
constexpr std::int64_t kGiB = 1024 * kMiB;

std::int64_t system_conns(std::int64_t memory) {
  return scale(default_limits(), {.memory = memory})[Section::kSystem].conns;
}

ConcreteLimitConfig defaults_of(std::int64_t memory, std::int64_t file_descriptors) {
  return scale(default_limits(), {.memory = memory, .file_descriptors = file_descriptors});
}

// In the order of go-libp2p's own tables: in, out, total.
struct Row {
  Section section;
  std::vector<std::int64_t> conns;
  std::vector<std::int64_t> streams;
  std::int64_t memory = 0;
  std::int64_t fd = 0;
};

Row row_of(Section section, const Limits& limits) {
  return {section,
          {limits.conns_inbound, limits.conns_outbound, limits.conns},
          {limits.streams_inbound, limits.streams_outbound, limits.streams},
          limits.memory,
          limits.fd};
}

void check_rows(const ConcreteLimitConfig& config, const std::vector<Row>& rows) {
  REQUIRE(rows.size() == kSectionCount);
  for (const Row& expected : rows) {
    INFO(name_of(expected.section));
    const Row actual = row_of(expected.section, config[expected.section]);
    CHECK(actual.conns == expected.conns);
    CHECK(actual.streams == expected.streams);
    CHECK(actual.memory == expected.memory);
    CHECK(actual.fd == expected.fd);
  }
}

}  // namespace

TEST_CASE("system connections come to the totals that go-libp2p documents", "[go_libp2p_limits]") {
  CHECK(system_conns(128 * kMiB) == 128);
  CHECK(system_conns(1 * kGiB) == 256);
  CHECK(system_conns(4 * kGiB) == 640);
  CHECK(system_conns(16 * kGiB) == 2176);
}

TEST_CASE("go-libp2p's README example: 128 and 64 more a GiB are 384 with 4 GiB",
          "[go_libp2p_limits]") {
  const ScalingLimits limits{.base = {.conns = 128}, .per_gib = {.conns = 64}};
  CHECK(scale(limits, {.memory = 4 * kGiB}).conns == 384);
}

TEST_CASE("only memory beyond 128 MiB scales, and then all of it in whole MiB",
          "[go_libp2p_limits]") {
  const ScalingLimits limits{.base = {.streams = 100}, .per_gib = {.streams = 1024}};
  const auto streams = [&](std::int64_t memory) { return scale(limits, {memory, 0}).streams; };
  CHECK(streams(0) == 100);
  CHECK(streams(128 * kMiB) == 100);
  CHECK(streams(128 * kMiB + 1) == 228);
  CHECK(streams(129 * kMiB - 1) == 228);
  CHECK(streams(129 * kMiB) == 229);
}

TEST_CASE("file descriptors are the greater of the base and a share of those there are",
          "[go_libp2p_limits]") {
  ScalingLimits limits{.base = {.fd = 64}, .fd_share = Probability(1, 4)};
  const auto descriptors = [&](std::int64_t there) { return scale(limits, {0, there}).fd; };
  CHECK(descriptors(0) == 64);
  CHECK(descriptors(256) == 64);
  CHECK(descriptors(259) == 64);
  CHECK(descriptors(260) == 65);
  limits.fd_share = {};
  CHECK(descriptors(1'000'000) == 64);
}

TEST_CASE("a limit that would pass 63 bits is none", "[go_libp2p_limits]") {
  const ScalingLimits limits{
      .base = {.streams = kUnlimited, .memory = 1},
      .per_gib = {.streams = 1, .conns = kUnlimited, .memory = kGiB},
      .fd_share = Probability(1, 1),
  };
  const Machine vast{.memory = kUnlimited, .file_descriptors = kUnlimited};
  CHECK(scale(limits, vast).streams == kUnlimited);
  CHECK(scale(limits, vast).conns == kUnlimited);
  CHECK(scale(limits, vast).fd == kUnlimited);
  // (2^63 - 1) bytes are 2^43 - 1 MiB, each a MiB here.
  CHECK(scale(limits, vast).memory == kUnlimited - kMiB + 2);
}

TEST_CASE("go-libp2p takes an eighth of the memory and half of the descriptors",
          "[go_libp2p_limits]") {
  const Machine share = share_of({.memory = 8 * kGiB + 7, .file_descriptors = 1025});
  CHECK(share.memory == kGiB);
  CHECK(share.file_descriptors == 512);
}

TEST_CASE("the defaults of the smallest node are go-libp2p's", "[go_libp2p_limits]") {
  check_rows(defaults_of(128 * kMiB, 0),
             {{Section::kSystem, {64, 128, 128}, {1024, 2048, 2048}, 134'217'728, 256},
              {Section::kTransient, {32, 64, 64}, {128, 256, 256}, 33'554'432, 64},
              {Section::kAllowlistedSystem, {64, 128, 128}, {1024, 2048, 2048}, 134'217'728, 256},
              {Section::kAllowlistedTransient, {32, 64, 64}, {128, 256, 256}, 33'554'432, 64},
              {Section::kServiceDefault, {0, 0, 0}, {1024, 4096, 4096}, 67'108'864, 0},
              {Section::kServicePeerDefault, {0, 0, 0}, {128, 256, 256}, 16'777'216, 0},
              {Section::kProtocolDefault, {0, 0, 0}, {512, 2048, 2048}, 67'108'864, 0},
              {Section::kProtocolPeerDefault, {0, 0, 0}, {64, 128, 256}, 16'777'216, 0},
              {Section::kPeerDefault, {8, 8, 8}, {256, 512, 512}, 67'108'864, 4},
              {Section::kConn, {1, 1, 1}, {0, 0, 0}, 33'554'432, 1},
              {Section::kStream, {0, 0, 0}, {1, 1, 1}, 16'777'216, 0}});
}

TEST_CASE("the defaults of a node with 2 GiB and 4096 descriptors are go-libp2p's",
          "[go_libp2p_limits]") {
  check_rows(
      defaults_of(2 * kGiB, 4096),
      {{Section::kSystem, {192, 384, 384}, {3072, 6144, 6144}, 2'281'701'376, 4096},
       {Section::kTransient, {64, 128, 128}, {384, 768, 768}, 301'989'888, 1024},
       {Section::kAllowlistedSystem, {192, 384, 384}, {3072, 6144, 6144}, 2'281'701'376, 4096},
       {Section::kAllowlistedTransient, {64, 128, 128}, {384, 768, 768}, 301'989'888, 1024},
       {Section::kServiceDefault, {0, 0, 0}, {2048, 8192, 8192}, 335'544'320, 0},
       {Section::kServicePeerDefault, {0, 0, 0}, {136, 272, 272}, 25'165'824, 0},
       {Section::kProtocolDefault, {0, 0, 0}, {1024, 3072, 3072}, 411'041'792, 0},
       {Section::kProtocolPeerDefault, {0, 0, 0}, {72, 144, 288}, 25'165'824, 0},  // corrected
       {Section::kPeerDefault, {8, 8, 8}, {512, 1024, 1024}, 335'544'320, 64},
       {Section::kConn, {1, 1, 1}, {0, 0, 0}, 33'554'432, 1},
       {Section::kStream, {0, 0, 0}, {1, 1, 1}, 16'777'216, 0}});
}

TEST_CASE("memory of a protocol's peer grows like that of a service's peer", "[go_libp2p_limits]") {
  const ConcreteLimitConfig config = defaults_of(3 * kGiB, 0);
  CHECK(config[Section::kProtocolPeerDefault].memory == 28 * kMiB);
  CHECK(config[Section::kServicePeerDefault].memory == 28 * kMiB);
}

TEST_CASE("streams are scaled with their own increase, connections with theirs",
          "[go_libp2p_limits]") {
  ScalingLimitConfig config = default_limits();
  config[Section::kConn].per_gib.memory = 3 * kMiB;
  config[Section::kStream].per_gib.memory = 5 * kMiB;
  const ConcreteLimitConfig scaled = scale(config, {.memory = 2 * kGiB});
  CHECK(scaled[Section::kConn].memory == 38 * kMiB);
  CHECK(scaled[Section::kStream].memory == 26 * kMiB);
}

TEST_CASE("limits by name are scaled by their own rules", "[go_libp2p_limits]") {
  ScalingLimitConfig config = default_limits();
  config[NamedSection::kService]["dht"] = {.base = {.streams = 10}, .per_gib = {.streams = 20}};
  const ConcreteLimitConfig scaled = scale(config, {.memory = kGiB});
  CHECK(scaled[NamedSection::kService].at("dht").streams == 30);
  CHECK(scaled.of(NamedSection::kService, "dht").streams == 30);
  CHECK(scaled.of(NamedSection::kService, "ping") == scaled[Section::kServiceDefault]);
  CHECK(scaled.of(NamedSection::kServicePeer, "dht") == scaled[Section::kServicePeerDefault]);
}

TEST_CASE("a partial configuration replaces what it says and nothing else", "[go_libp2p_limits]") {
  const ConcreteLimitConfig defaults = defaults_of(kGiB, 512);
  CHECK(build({}, defaults) == defaults);

  PartialLimitConfig partial;
  partial[Section::kSystem].conns = 7;
  partial[Section::kSystem].fd = kBlockAll;
  partial[Section::kStream].memory = kUnlimited;
  ConcreteLimitConfig expected = defaults;
  expected[Section::kSystem].conns = 7;
  expected[Section::kSystem].fd = 0;
  expected[Section::kStream].memory = kUnlimited;
  CHECK(build(partial, defaults) == expected);
}

TEST_CASE("a name leaves open what its default has after the merge", "[go_libp2p_limits]") {
  const ConcreteLimitConfig defaults = defaults_of(kGiB, 512);
  PartialLimitConfig partial;
  partial[Section::kPeerDefault].streams = 77;
  partial[NamedSection::kPeer]["noisy"].conns_inbound = kBlockAll;
  const ConcreteLimitConfig config = build(partial, defaults);
  const Limits& noisy = config.of(NamedSection::kPeer, "noisy");
  CHECK(noisy.conns_inbound == 0);
  CHECK(noisy.streams == 77);
  CHECK(noisy.memory == defaults[Section::kPeerDefault].memory);
}

TEST_CASE("a name that the defaults know keeps their limits where the file says nothing",
          "[go_libp2p_limits]") {
  ConcreteLimitConfig defaults = defaults_of(kGiB, 512);
  defaults[NamedSection::kService]["dht"] = {.streams = 5, .memory = 6};
  defaults[NamedSection::kService]["ping"] = {.streams = 8};
  PartialLimitConfig partial;
  partial[Section::kServiceDefault].memory = 1000;
  partial[NamedSection::kService]["dht"].streams = 9;
  const ConcreteLimitConfig config = build(partial, defaults);
  CHECK(config.of(NamedSection::kService, "dht") == Limits{.streams = 9, .memory = 6});
  CHECK(config.of(NamedSection::kService, "ping") == Limits{.streams = 8});
}

TEST_CASE("a configuration spelled out gives itself on any defaults", "[go_libp2p_limits]") {
  ConcreteLimitConfig config = defaults_of(kGiB, 512);
  config[Section::kTransient].conns = kUnlimited;
  config[NamedSection::kProtocol]["/kad/1"] = {.streams = 3};
  CHECK(build(spelled_out(config), unlimited_config()) == config);
  CHECK(build(spelled_out(config), ConcreteLimitConfig{}) == config);
}

TEST_CASE("every kind and section has a name of its own and its own place", "[go_libp2p_limits]") {
  Limits limits;
  std::int64_t value = 1;
  for (const Kind kind : kKinds) limits[kind] = value++;
  CHECK(limits == Limits{.streams = 1,
                         .streams_inbound = 2,
                         .streams_outbound = 3,
                         .conns = 4,
                         .conns_inbound = 5,
                         .conns_outbound = 6,
                         .fd = 7,
                         .memory = 8});
  CHECK(name_of(Kind::kStreamsInbound) == "StreamsInbound");
  CHECK(name_of(Kind::kConnsOutbound) == "ConnsOutbound");
  CHECK(name_of(Kind::kMemory) == "Memory");
  CHECK(name_of(Section::kAllowlistedTransient) == "AllowlistedTransient");
  CHECK(name_of(Section::kStream) == "Stream");
  CHECK(name_of(NamedSection::kProtocolPeer) == "ProtocolPeer");
  CHECK(default_of(NamedSection::kProtocolPeer) == Section::kProtocolPeerDefault);
  CHECK(default_of(NamedSection::kPeer) == Section::kPeerDefault);
}

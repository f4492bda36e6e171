#include "core/resource/go_libp2p/limit_scaling.hpp"

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"

#include <algorithm>

namespace kadsim::go_libp2p {
namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kSmallest = 128 * kMiB;  // up to here there is nothing but the base

constexpr ScalingLimits kSystem = {.base = {.streams = 2048,
                                            .streams_inbound = 1024,
                                            .streams_outbound = 2048,
                                            .conns = 128,
                                            .conns_inbound = 64,
                                            .conns_outbound = 128,
                                            .fd = 256,
                                            .memory = 128 * kMiB},
                                   .per_gib = {.streams = 2048,
                                               .streams_inbound = 1024,
                                               .streams_outbound = 2048,
                                               .conns = 128,
                                               .conns_inbound = 64,
                                               .conns_outbound = 128,
                                               .memory = 1024 * kMiB},
                                   .fd_share = Probability(1, 1)};

constexpr ScalingLimits kTransient = {.base = {.streams = 256,
                                               .streams_inbound = 128,
                                               .streams_outbound = 256,
                                               .conns = 64,
                                               .conns_inbound = 32,
                                               .conns_outbound = 64,
                                               .fd = 64,
                                               .memory = 32 * kMiB},
                                      .per_gib = {.streams = 256,
                                                  .streams_inbound = 128,
                                                  .streams_outbound = 256,
                                                  .conns = 32,
                                                  .conns_inbound = 16,
                                                  .conns_outbound = 32,
                                                  .memory = 128 * kMiB},
                                      .fd_share = Probability(1, 4)};

constexpr ScalingLimits kService = {
    .base = {.streams = 4096,
             .streams_inbound = 1024,
             .streams_outbound = 4096,
             .memory = 64 * kMiB},
    .per_gib = {
        .streams = 2048, .streams_inbound = 512, .streams_outbound = 2048, .memory = 128 * kMiB}};

constexpr ScalingLimits kServicePeer = {
    .base = {.streams = 256, .streams_inbound = 128, .streams_outbound = 256, .memory = 16 * kMiB},
    .per_gib = {.streams = 8, .streams_inbound = 4, .streams_outbound = 8, .memory = 4 * kMiB}};

constexpr ScalingLimits kProtocol = {
    .base = {.streams = 2048,
             .streams_inbound = 512,
             .streams_outbound = 2048,
             .memory = 64 * kMiB},
    .per_gib = {
        .streams = 512, .streams_inbound = 256, .streams_outbound = 512, .memory = 164 * kMiB}};

constexpr ScalingLimits kProtocolPeer = {
    .base = {.streams = 256, .streams_inbound = 64, .streams_outbound = 128, .memory = 16 * kMiB},
    .per_gib = {.streams = 16, .streams_inbound = 4, .streams_outbound = 8, .memory = 4 * kMiB}};

constexpr ScalingLimits kPeer = {.base = {.streams = 512,
                                          .streams_inbound = 256,
                                          .streams_outbound = 512,
                                          .conns = 8,
                                          .conns_inbound = 8,
                                          .conns_outbound = 8,
                                          .fd = 4,
                                          .memory = 64 * kMiB},
                                 .per_gib = {.streams = 256,
                                             .streams_inbound = 128,
                                             .streams_outbound = 256,
                                             .memory = 128 * kMiB},
                                 .fd_share = Probability(1, 64)};

constexpr ScalingLimits kConn = {
    .base = {.conns = 1, .conns_inbound = 1, .conns_outbound = 1, .fd = 1, .memory = 32 * kMiB}};

constexpr ScalingLimits kStream = {
    .base = {.streams = 1, .streams_inbound = 1, .streams_outbound = 1, .memory = 16 * kMiB}};

}  // namespace

Limits scale(const ScalingLimits& limits, const Machine& available) {
  KADSIM_ASSERT(available.memory >= 0 && available.file_descriptors >= 0,
                "a machine has no less than nothing");
  const std::int64_t mebibytes = available.memory > kSmallest ? available.memory / kMiB : 0;
  Limits scaled;
  for (const Kind kind : kKinds) {
    if (kind == Kind::kFd) continue;
    const SignedWide sum = limits.base[kind] + SignedWide{limits.per_gib[kind]} * mebibytes / 1024;
    scaled[kind] = static_cast<std::int64_t>(std::min(sum, SignedWide{kUnlimited}));
  }
  const Probability& share = limits.fd_share;
  const auto share_of_fds = static_cast<std::int64_t>(
      static_cast<Wide>(available.file_descriptors) * share.numerator() / share.denominator());
  scaled.fd = std::max(limits.base.fd, share_of_fds);
  return scaled;
}

ConcreteLimitConfig scale(const ScalingLimitConfig& config, const Machine& available) {
  ConcreteLimitConfig scaled;
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    scaled.sections[i] = scale(config.sections[i], available);
  }
  for (std::size_t i = 0; i < kNamedSectionCount; ++i) {
    for (const auto& [name, limits] : config.named[i]) {
      scaled.named[i].emplace(name, scale(limits, available));
    }
  }
  return scaled;
}

ScalingLimitConfig default_limits() {
  ScalingLimitConfig config;
  config[Section::kSystem] = kSystem;
  config[Section::kTransient] = kTransient;
  config[Section::kAllowlistedSystem] = kSystem;
  config[Section::kAllowlistedTransient] = kTransient;
  config[Section::kServiceDefault] = kService;
  config[Section::kServicePeerDefault] = kServicePeer;
  config[Section::kProtocolDefault] = kProtocol;
  config[Section::kProtocolPeerDefault] = kProtocolPeer;
  config[Section::kPeerDefault] = kPeer;
  config[Section::kConn] = kConn;
  config[Section::kStream] = kStream;
  return config;
}

}  // namespace kadsim::go_libp2p

#include "core/resource/go_libp2p/limits.hpp"

namespace kadsim::go_libp2p {
namespace {

constexpr std::array<std::string_view, kKinds.size()> kKindNames = {
    "Streams", "StreamsInbound", "StreamsOutbound", "Conns", "ConnsInbound", "ConnsOutbound",
    "FD",      "Memory"};

constexpr std::array<std::string_view, kSectionCount> kSectionNames = {"System",
                                                                       "Transient",
                                                                       "AllowlistedSystem",
                                                                       "AllowlistedTransient",
                                                                       "ServiceDefault",
                                                                       "ServicePeerDefault",
                                                                       "ProtocolDefault",
                                                                       "ProtocolPeerDefault",
                                                                       "PeerDefault",
                                                                       "Conn",
                                                                       "Stream"};

constexpr std::array<std::string_view, kNamedSectionCount> kNamedSectionNames = {
    "Service", "ServicePeer", "Protocol", "ProtocolPeer", "Peer"};

constexpr std::array<Section, kNamedSectionCount> kDefaults = {
    Section::kServiceDefault, Section::kServicePeerDefault, Section::kProtocolDefault,
    Section::kProtocolPeerDefault, Section::kPeerDefault};

Limits build(const PartialLimits& partial, const Limits& defaults) {
  Limits limits;
  for (const Kind kind : kKinds) limits[kind] = partial[kind].value_or(defaults[kind]);
  return limits;
}

PartialLimits spelled_out(const Limits& limits) {
  PartialLimits partial;
  for (const Kind kind : kKinds) partial[kind] = limits[kind];
  return partial;
}

}  // namespace

std::string_view name_of(Kind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::string_view name_of(Section section) {
  return kSectionNames[static_cast<std::size_t>(section)];
}
std::string_view name_of(NamedSection section) {
  return kNamedSectionNames[static_cast<std::size_t>(section)];
}
Section default_of(NamedSection section) { return kDefaults[static_cast<std::size_t>(section)]; }

ConcreteLimitConfig build(const PartialLimitConfig& partial, const ConcreteLimitConfig& defaults) {
  ConcreteLimitConfig config = defaults;
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    config.sections[i] = build(partial.sections[i], defaults.sections[i]);
  }
  for (std::size_t i = 0; i < kNamedSectionCount; ++i) {
    const Limits& unlisted = config[kDefaults[i]];
    for (const auto& [name, limits] : partial.named[i]) {
      Limits& entry = config.named[i].try_emplace(name, unlisted).first->second;
      entry = build(limits, entry);
    }
  }
  return config;
}

PartialLimitConfig spelled_out(const ConcreteLimitConfig& config) {
  PartialLimitConfig partial;
  for (std::size_t i = 0; i < kSectionCount; ++i) {
    partial.sections[i] = spelled_out(config.sections[i]);
  }
  for (std::size_t i = 0; i < kNamedSectionCount; ++i) {
    for (const auto& [name, limits] : config.named[i]) {
      partial.named[i].emplace(name, spelled_out(limits));
    }
  }
  return partial;
}

ConcreteLimitConfig unlimited_config() {
  ConcreteLimitConfig config;
  for (Limits& limits : config.sections) {
    for (const Kind kind : kKinds) limits[kind] = kUnlimited;
  }
  return config;
}

}  // namespace kadsim::go_libp2p

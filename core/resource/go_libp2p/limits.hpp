#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "core/resource/resource_class.hpp"

/// go-libp2p's resource manager (p2p/host/resource-manager at commit 0d902925), on kadsim's graph.
namespace kadsim::go_libp2p {

/// What a scope counts and limits. Memory is in bytes, the others are numbers of things.
enum class Kind : std::uint8_t {
  kStreams,  ///< both directions together
  kStreamsInbound,
  kStreamsOutbound,
  kConns,  ///< both directions together
  kConnsInbound,
  kConnsOutbound,
  kFd,
  kMemory,
};
inline constexpr std::array<Kind, 8> kKinds = {
    Kind::kStreams, Kind::kStreamsInbound, Kind::kStreamsOutbound,
    Kind::kConns,   Kind::kConnsInbound,   Kind::kConnsOutbound,
    Kind::kFd,      Kind::kMemory};

/// Its name in a limit file: "StreamsInbound", "FD".
[[nodiscard]] std::string_view name_of(Kind kind);

/// A value for each kind.
template <class Value>
struct PerKind {
  Value streams{};
  Value streams_inbound{};
  Value streams_outbound{};
  Value conns{};
  Value conns_inbound{};
  Value conns_outbound{};
  Value fd{};
  Value memory{};

  constexpr Value& operator[](Kind kind) { return this->*kMembers[static_cast<std::size_t>(kind)]; }
  constexpr const Value& operator[](Kind kind) const {
    return this->*kMembers[static_cast<std::size_t>(kind)];
  }
  bool operator==(const PerKind&) const = default;

 private:
  static constexpr std::array<Value PerKind::*, kKinds.size()> kMembers = {
      &PerKind::streams, &PerKind::streams_inbound, &PerKind::streams_outbound,
      &PerKind::conns,   &PerKind::conns_inbound,   &PerKind::conns_outbound,
      &PerKind::fd,      &PerKind::memory};
};

/// A limit that lets nothing through. The limit that is never reached is kadsim::kUnlimited.
inline constexpr std::int64_t kBlockAll = 0;

/// Limits of one scope, each from kBlockAll to kUnlimited.
using Limits = PerKind<std::int64_t>;
/// The same, but a limit may be left open: none stands for the default.
using PartialLimits = PerKind<std::optional<std::int64_t>>;

/// Parts of a configuration that hold the limits of one scope, or of all scopes of a sort that have
/// none of their own.
enum class Section : std::uint8_t {
  kSystem,
  kTransient,
  kAllowlistedSystem,
  kAllowlistedTransient,
  kServiceDefault,
  kServicePeerDefault,
  kProtocolDefault,
  kProtocolPeerDefault,
  kPeerDefault,
  kConn,
  kStream,
};
inline constexpr std::size_t kSectionCount = 11;

/// Parts that hold limits by name: of a service (also for each peer using it), a protocol, a peer.
enum class NamedSection : std::uint8_t { kService, kServicePeer, kProtocol, kProtocolPeer, kPeer };
inline constexpr std::size_t kNamedSectionCount = 5;

/// Names in a limit file: "ServicePeerDefault", "ServicePeer".
[[nodiscard]] std::string_view name_of(Section section);
[[nodiscard]] std::string_view name_of(NamedSection section);
/// Where the limits of a name stand that is not listed.
[[nodiscard]] Section default_of(NamedSection section);

/// A configuration: something (limits, partial limits, rules to scale them) for each section.
/// Peers are names like the others: a limit file has libp2p's peer ids there.
template <class Value>
struct LimitConfig {
  using ByName = std::map<std::string, Value, std::less<>>;

  std::array<Value, kSectionCount> sections{};
  std::array<ByName, kNamedSectionCount> named{};

  constexpr Value& operator[](Section section) {
    return sections[static_cast<std::size_t>(section)];
  }
  constexpr const Value& operator[](Section section) const {
    return sections[static_cast<std::size_t>(section)];
  }
  ByName& operator[](NamedSection section) { return named[static_cast<std::size_t>(section)]; }
  const ByName& operator[](NamedSection section) const {
    return named[static_cast<std::size_t>(section)];
  }
  /// What holds for `name`: its own entry, or else the section's default. O(log entries).
  [[nodiscard]] const Value& of(NamedSection section, std::string_view name) const {
    const ByName& entries = (*this)[section];
    const auto entry = entries.find(name);
    return entry == entries.end() ? (*this)[default_of(section)] : entry->second;
  }
  bool operator==(const LimitConfig&) const = default;
};

/// A limit file: it holds only the limits that were stated.
using PartialLimitConfig = LimitConfig<PartialLimits>;
/// Every limit known.
using ConcreteLimitConfig = LimitConfig<Limits>;

/// `partial` where it says something, elsewhere `defaults`. A name that `partial` lists and
/// `defaults` doesn't takes what it leaves open from its section's default as it is after the
/// merge; names that only `defaults` lists stay.
[[nodiscard]] ConcreteLimitConfig build(const PartialLimitConfig& partial,
                                        const ConcreteLimitConfig& defaults);

/// The same limits as a partial configuration that leaves nothing open: building it on any defaults
/// without names gives `config` again.
[[nodiscard]] PartialLimitConfig spelled_out(const ConcreteLimitConfig& config);

/// No limit anywhere.
[[nodiscard]] ConcreteLimitConfig unlimited_config();

}  // namespace kadsim::go_libp2p

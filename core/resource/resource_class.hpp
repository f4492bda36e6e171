#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace kadsim {

/// Whole units of a class: bytes, descriptors, connections. A fractional unit is a scaled one, e.g.
/// CPU time in nanoseconds.
using Units = std::int64_t;

/// No limit. Sums of units never exceed it: what would is refused like anything over a limit.
inline constexpr Units kUnlimited = std::numeric_limits<Units>::max();

/// kStock: held until given back. kRate: used up when taken; its limits are units per second of
/// virtual time, refilled by a token bucket.
enum class ClassKind : std::uint8_t { kStock, kRate };

/// A class of resources. Classes never interact. ResourceManager::define_class makes further ones.
struct ResourceClass {
  std::uint16_t number = 0;

  auto operator<=>(const ResourceClass&) const = default;
};

inline constexpr ResourceClass kMemory{0};           ///< stock, bytes
inline constexpr ResourceClass kFileDescriptors{1};  ///< stock
inline constexpr ResourceClass kCpuTime{2};          ///< rate, nanoseconds of one processor
inline constexpr ResourceClass kBandwidth{3};        ///< rate, bytes
inline constexpr ResourceClass kConnections{4};      ///< stock
inline constexpr ResourceClass kStreams{5};          ///< stock
inline constexpr ResourceClass kNatEntries{6};       ///< stock
inline constexpr std::uint16_t kBuiltInClasses = 7;

/// What an owner may hold, or use, of one class.
struct Limit {
  Units units = kUnlimited;  ///< stock: at most so many held; rate: units per second; >= 0
  Units burst = 0;           ///< rate only: size of the bucket, 0 for one second's worth

  bool operator==(const Limit&) const = default;
};

}  // namespace kadsim

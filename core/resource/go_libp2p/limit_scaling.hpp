#pragma once

#include <cstdint>

#include "core/random/probability.hpp"
#include "core/resource/go_libp2p/limits.hpp"

namespace kadsim::go_libp2p {

/// Limits that grow with the machine.
///
/// Source: go-libp2p, limit_defaults.go. A limit is base + floor(per_gib * MiB / 1024), MiB being
/// the whole mebibytes of memory there are, 0 of them up to and including 128 MiB. File
/// descriptors: the greater of base and floor(fd_share * descriptors); per_gib.fd is not used.
/// Departure: wide arithmetic; what would pass 63 bits is kUnlimited, where Go's wraps round.
struct ScalingLimits {
  Limits base;
  Limits per_gib{};        ///< added per GiB of memory
  Probability fd_share{};  ///< of the descriptors, an exact ratio
  bool operator==(const ScalingLimits&) const = default;
};
using ScalingLimitConfig = LimitConfig<ScalingLimits>;

/// What a node may use of its machine: bytes and file descriptors, both >= 0.
struct Machine {
  std::int64_t memory = 0;
  std::int64_t file_descriptors = 0;
};

/// What go-libp2p takes of a machine that has so much: an eighth of its memory, half of its
/// descriptors, rounded down.
[[nodiscard]] constexpr Machine share_of(Machine whole) {
  return {whole.memory / 8, whole.file_descriptors / 2};
}

[[nodiscard]] Limits scale(const ScalingLimits& limits, const Machine& available);

/// Every section scaled by its own increase. Departure: go-libp2p scales the section Stream with
/// the increase of Conn, a defect that shows as soon as the two differ.
[[nodiscard]] ConcreteLimitConfig scale(const ScalingLimitConfig& config, const Machine& available);

/// go-libp2p's defaults, without names. Departure: memory of ProtocolPeer grows by 4 MiB per GiB;
/// there it is 4 bytes, its shift forgotten (that of ServicePeer, beside it, has it).
[[nodiscard]] ScalingLimitConfig default_limits();

}  // namespace kadsim::go_libp2p

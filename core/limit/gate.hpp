#pragma once

#include <cstdint>

#include "core/table/peer.hpp"
#include "core/time/time.hpp"
#include "core/wire/connection.hpp"

namespace kadsim {

/// What a gate gave: a slot, or a place in line for one. Its numbers are the gate's own. The
/// default one is nothing.
struct GatePass {
  std::uint64_t slot = 0;
  std::uint32_t line = 0;
  bool operator==(const GatePass&) const = default;
};

/// What a gate says at once.
enum class GateEntry : std::uint8_t {
  kEntered,
  kWaits,    ///< the listener will be told
  kRefused,  ///< no slot, and no waiting
};

/// What a gate says later.
enum class GateNews : std::uint8_t {
  kEntered,
  kRefused,  ///< no slot came free in time
  kRevoked,  ///< a slot that was held went to an owner that ranks higher
};

/// Told once of a wait, never during a call of the gate, and of a revocation at any time until
/// `leave`. After kRefused and kRevoked the pass is void.
class GateListener {
 public:
  virtual ~GateListener() = default;
  virtual void on_gate(std::uint64_t tag, GateNews news) = 0;
};

/// Where a node's limits are asked before it opens a stream or accepts one. One gate serves all
/// clients of a worker, and counts for each of them apart. A client without limits has no gate, and
/// pays nothing.
class Gate {
 public:
  struct Answer {
    GateEntry entry = GateEntry::kEntered;
    GatePass pass{};  ///< not for kRefused
  };

  virtual ~Gate() = default;
  /// `node` wants a slot for `what`, and could use it until `deadline` (>= now), exclusive.
  virtual Answer enter(PeerRef node, const Interaction& what, SimTime deadline,
                       GateListener& listener, std::uint64_t tag) = 0;
  /// The slot is given back, or the line left: once for each pass that is not void.
  virtual void leave(PeerRef node, GatePass pass) = 0;
};

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <vector>

#include "core/table/peer.hpp"
#include "core/time/time.hpp"
#include "sim/world/network_options.hpp"

namespace kadsim {

/// Gamma: what a node's load adds to the answers it is part of. With gamma 0 nothing is counted.
///
/// - in_flight: gamma for each RPC now in flight at the node, this one included: at its origin from
///   sending to completion, at its remote from arrival until the answer leaves.
/// - cumulative (py-dht): gamma for each use of the node since the start, this one included.
class Overheads {
 public:
  Overheads(Duration gamma, GammaMode mode, std::size_t nodes)
      : gamma_(gamma), mode_(mode), uses_(gamma == Duration() ? 0 : nodes, 0) {}

  [[nodiscard]] bool none() const { return gamma_ == Duration(); }
  /// The node takes part in one more RPC; returns what that costs there. Every `enter` is followed
  /// by one `leave`.
  Duration enter(PeerRef node) {
    if (none()) return {};
    return gamma_ * ++uses_[node.value];
  }
  void leave(PeerRef node) {
    if (!none() && mode_ == GammaMode::kInFlight) --uses_[node.value];
  }
  /// Makes room for a node that joined.
  void grow(std::size_t nodes) {
    if (!none()) uses_.resize(nodes, 0);
  }

 private:
  Duration gamma_;
  GammaMode mode_;
  std::vector<std::uint32_t> uses_;
};

}  // namespace kadsim

#pragma once

#include "core/table/peer.hpp"

namespace kadsim {

/// Which nodes are there, in a world where that changes while a network is played. It is read when
/// a message arrives, at its receiver, and never ahead: what a node does next is not known to the
/// nodes that ask it.
class Presence {
 public:
  virtual ~Presence() = default;
  /// Is the node there now?
  [[nodiscard]] virtual bool is_present(PeerRef node) const = 0;
};

}  // namespace kadsim

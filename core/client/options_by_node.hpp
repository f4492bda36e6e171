#pragma once

#include "core/client/client_options.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// How each node's client behaves, where not all behave alike.
class OptionsByNode {
 public:
  virtual ~OptionsByNode() = default;
  /// Never changes; the reference stays valid as long as this object. `lookup.k` is the same for
  /// all nodes, as routing tables are made with it. O(1).
  [[nodiscard]] virtual const ClientOptions& options_of(PeerRef peer) const = 0;
};

}  // namespace kadsim

#pragma once

#include "core/limit/gate.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What a receiver lets in, and how long it works on it. By default it lets everything in, and
/// answers at once.
struct Reception {
  Gate* streams = nullptr;       ///< for requests; null: all get in
  Gate* negotiations = nullptr;  ///< likewise
  Duration service_time{};       ///< of a request, >= 0
};

/// The reception of each node, where not all have the same.
class ReceptionByNode {
 public:
  virtual ~ReceptionByNode() = default;
  /// Never changes; the reference stays valid as long as this object. O(1).
  [[nodiscard]] virtual const Reception& reception_of(PeerRef node) const = 0;
};

}  // namespace kadsim

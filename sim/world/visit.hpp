#pragma once

#include "core/event/scheduler.hpp"
#include "core/limit/gate.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"
#include "sim/world/exchange.hpp"

namespace kadsim {

/// A request at a receiver with limits, from its arrival until it leaves: what the receiver keeps.
/// First it may wait in line, then it is served.
struct Visit {
  Exchange* exchange = nullptr;  ///< null: its asker hears nothing more of it
  PeerRef at{};
  bool counts = false;  ///< in the load of the receiver
  Gate* gate = nullptr;
  GatePass pass{};
  SimTime arrival{};
  EventId deadline{};   ///< while it waits: of the asker, if it has not passed already
  EventId departure{};  ///< while it is served
  EventId answer{};     ///< while it is served: that the asker hears of it
};

}  // namespace kadsim

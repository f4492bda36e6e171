#pragma once

#include <cstdint>

#include "core/time/time.hpp"
#include "core/wire/interaction.hpp"
#include "sim/world/link_model.hpp"

namespace kadsim {

/// How one dial or request went, as it is told when it is over: what both ends know of it, so no
/// node could write it.
struct InteractionOutcome {
  Interaction interaction;
  LinkError error = LinkError::kNone;
  bool late = false;      ///< the answer would have come after the deadline
  bool awaited = true;    ///< its caller still waited when this ended
  bool rejected = false;  ///< the remote answered that it will not
  bool busy = false;      ///< the remote had no slot for it
  SimTime start;
  SimTime end;
  Duration base_delay;  ///< round trip of the link, or of the error
  Duration origin_overhead;
  Duration remote_overhead;
  Duration remote_wait;  ///< in line there for a slot

  [[nodiscard]] bool answered() const { return error == LinkError::kNone && !late && !busy; }
};

/// Watches a network. Changes nothing in it.
class InteractionObserver {
 public:
  virtual ~InteractionObserver() = default;
  virtual void on_interaction(const InteractionOutcome& outcome) = 0;
};

}  // namespace kadsim

#pragma once

#include <cstdint>

#include "core/resource/resource_class.hpp"
#include "core/resource/resource_ids.hpp"

namespace kadsim {

/// Why a call on a ResourceManager did nothing. Every call returns one, and no call throws for
/// these reasons. A refused call leaves everything as it was.
enum class Refusal : std::uint8_t {
  kNone,              ///< not refused
  kOverLimit,         ///< no room within the limits, nor by revoking where the call may revoke
  kDeadline,          ///< waited until its deadline
  kCancelled,         ///< by cancel_wait
  kOwnerEnded,        ///< the owner that a waiter asked ended before there was room
  kLifetimeEnded,     ///< the lifetime that was to bound the leaf is over
  kUnknownOwner,      ///< no such owner, or it has ended
  kUnknownResource,   ///< no such vertex, or it has ended
  kUnknownWaiter,     ///< no waiter has that number
  kUnknownLifetime,   ///< no such lifetime
  kUnknownClass,      ///< never defined
  kUnitsOutOfRange,   ///< want 1 or more
  kLimitOutOfRange,   ///< want 0 or more; a burst for rates only
  kShareOutOfRange,   ///< want 1 to 256
  kCycle,             ///< an owner would come to stand above itself
  kAlreadyOwned,      ///< that owner owns the vertex already, or is named twice
  kNotOwned,          ///< that owner does not own the vertex
  kNoOwner,           ///< an empty list of owners
  kPlaceholder,       ///< a vertex under the placeholder has no owner outside, and is not in use
  kAlreadyActive,     ///< nothing there waits for activation
  kBuiltIn,           ///< root, placeholder and temporary owner stay what they are
  kLifetimeOfVertex,  ///< a vertex's own lifetime ends with its vertex alone
  kReentered,         ///< called from a handler, which has to schedule an event for it
};

/// "over limit", "cycle", ...: static lifetime.
[[nodiscard]] const char* name(Refusal refusal);

/// Where there was no room: the first full owner that was met. `owner` names nothing unless the
/// refusal is kOverLimit.
struct Blocked {
  OwnerId owner;
  Units used = 0;       ///< held there before the call; of a rate: missing from the bucket
  Units attempted = 0;  ///< of the leaf that did not fit
  Units limit = 0;      ///< the owner's limit, or the share that applied; of a rate: the bucket
};

}  // namespace kadsim

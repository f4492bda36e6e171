#pragma once

#include <cstdint>

#include "core/resource/resource_class.hpp"
#include "core/resource/resource_ids.hpp"

namespace kadsim {

/// Why a call on a ResourceManager did nothing. Every call answers with one; none throws for these,
/// and one that is refused leaves everything as it was.
enum class Refusal : std::uint8_t {
  kNone,              ///< not refused
  kOverLimit,         ///< no room within the limits, nor by revoking where the call may revoke
  kDeadline,          ///< waited until its deadline
  kCancelled,         ///< by cancel_wait
  kOwnerEnded,        ///< the owner that a waiter asked ended before there was room
  kLifetimeEnded,     ///< the lifetime is over that was to bound it
  kUnknownOwner,      ///< no such owner, or it has ended
  kUnknownResource,   ///< no such vertex, or it has ended
  kUnknownWaiter,     ///< nobody waits under that number
  kUnknownLifetime,   ///< no such lifetime
  kUnknownClass,      ///< never defined
  kUnitsOutOfRange,   ///< want 1 or more
  kLimitOutOfRange,   ///< want 0 or more; a burst for rates only
  kShareOutOfRange,   ///< want 1 to 256
  kCycle,             ///< an owner would come to stand above itself
  kAlreadyOwned,      ///< that owner has it already, or is named twice
  kNotOwned,          ///< that owner does not have it
  kNoOwner,           ///< an empty list of owners
  kPlaceholder,       ///< what is under the placeholder has no owner outside, and is not used yet
  kAlreadyActive,     ///< nothing there waits for activation
  kBuiltIn,           ///< root, placeholder and temporary owner stay what they are
  kLifetimeOfVertex,  ///< it ends with its vertex, not by itself
  kReentered,         ///< a handler called; let it schedule an event that does
};

/// "over limit", "cycle", ...: static lifetime.
[[nodiscard]] const char* name(Refusal refusal);

/// Where there was no room: the first full owner that was met. `owner` names nothing unless the
/// refusal is kOverLimit.
struct Blocked {
  OwnerId owner;
  Units used = 0;       ///< held there before the call; of a rate: missing from the bucket
  Units attempted = 0;  ///< of the leaf that did not fit
  Units limit = 0;      ///< its limit, or the share of it that was asked for; of a rate: the bucket
};

}  // namespace kadsim

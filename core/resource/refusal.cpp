#include "core/resource/refusal.hpp"

namespace kadsim {

const char* name(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNone:
      return "none";
    case Refusal::kOverLimit:
      return "over limit";
    case Refusal::kDeadline:
      return "deadline";
    case Refusal::kCancelled:
      return "cancelled";
    case Refusal::kOwnerEnded:
      return "owner ended";
    case Refusal::kLifetimeEnded:
      return "lifetime ended";
    case Refusal::kUnknownOwner:
      return "unknown owner";
    case Refusal::kUnknownResource:
      return "unknown resource";
    case Refusal::kUnknownWaiter:
      return "unknown waiter";
    case Refusal::kUnknownLifetime:
      return "unknown lifetime";
    case Refusal::kUnknownClass:
      return "unknown class";
    case Refusal::kUnitsOutOfRange:
      return "units out of range";
    case Refusal::kLimitOutOfRange:
      return "limit out of range";
    case Refusal::kShareOutOfRange:
      return "share out of range";
    case Refusal::kCycle:
      return "cycle";
    case Refusal::kAlreadyOwned:
      return "already owned";
    case Refusal::kNotOwned:
      return "not owned";
    case Refusal::kNoOwner:
      return "no owner";
    case Refusal::kPlaceholder:
      return "placeholder";
    case Refusal::kAlreadyActive:
      return "already active";
    case Refusal::kBuiltIn:
      return "built in";
    case Refusal::kLifetimeOfVertex:
      return "lifetime of a vertex";
    case Refusal::kReentered:
      return "called from a handler";
  }
  return "?";
}

}  // namespace kadsim

#include "sim/measure/interaction_result.hpp"

namespace kadsim {

InteractionResult result_of(const InteractionOutcome& outcome) {
  if (outcome.late) return InteractionResult::kLate;
  switch (outcome.error) {
    case LinkError::kFast:
      return InteractionResult::kFast;
    case LinkError::kSlow:
      return InteractionResult::kSlow;
    case LinkError::kUnreachable:
      return InteractionResult::kUnreachable;
    case LinkError::kNone:
      break;
  }
  if (outcome.busy) return InteractionResult::kBusy;
  return outcome.rejected ? InteractionResult::kRejected : InteractionResult::kAnswered;
}

}  // namespace kadsim

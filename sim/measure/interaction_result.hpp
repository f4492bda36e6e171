#pragma once

#include <cstdint>

#include "sim/world/interaction_outcome.hpp"

namespace kadsim {

/// How a dial or request ended. The numbers enter the fingerprint: changing one makes fingerprints
/// incomparable with those of earlier versions.
enum class InteractionResult : std::uint32_t {
  kAnswered = 0,     ///< with what was asked for
  kFast = 1,         ///< a fast error
  kSlow = 2,         ///< a slow error
  kUnreachable = 3,  ///< the remote never answers
  kLate = 4,         ///< the answer would have come after the deadline
  kRejected = 5,     ///< answered that it will not
  kBusy = 6          ///< the remote had no slot for it
};

/// The one word that `outcome` comes to. An answer that came too late is late, and nothing else.
[[nodiscard]] InteractionResult result_of(const InteractionOutcome& outcome);

}  // namespace kadsim

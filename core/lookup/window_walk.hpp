#pragma once

#include <cstdint>

#include "core/lookup/candidate_list.hpp"
#include "core/lookup/open_attempts.hpp"
#include "core/lookup/strategy.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// When a walk may use a place that it has freed itself by giving a contact up.
enum class FreedPlace : std::uint8_t {
  kAtOnce,     ///< it asks the next contact in the same walk (go-kademlia)
  kInNextWalk  ///< whether a place is free is decided when the walk begins (rust-libp2p)
};

struct WalkRules {
  unsigned width = 0;    ///< contacts that may be waited for at the same time
  unsigned results = 0;  ///< answers that make the lookup complete
  FreedPlace freed_place = FreedPlace::kAtOnce;
};

/// The next step of a lookup that holds a window of open attempts over its candidates:
/// go-kademlia's and rust-libp2p's. Every call walks the candidates, nearest first:
/// - one that is being asked is given up if it is out of time; otherwise the walk ends there if no
///   place is free. So a farther contact that is out of time is not noticed behind a nearer one
///   that is not, as long as all places are taken;
/// - one that was not asked yet is asked if a place is free, otherwise the walk ends; one a call;
/// - answers count as long as no nearer contact is being asked; the lookup is complete with
///   `results` of them.
/// A walk that comes to the end finishes exhausted if no contact is waited for. One that waits
/// names the next deadline, or `now` if it ended for want of a place although it has freed one.
/// O(number of candidates).
LookupStep walk_window(CandidateList& known, OpenAttempts& open, const WalkRules& rules,
                       SimTime now);

}  // namespace kadsim

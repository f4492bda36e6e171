#pragma once

#include "core/lookup/nearest_first.hpp"

namespace kadsim {

/// The alpha nearest contacts not asked yet are asked at once, and no other before all of them
/// have answered or failed. Stop rule and result: NearestFirstLookup.
///
/// `sliding-window` with another schedule and nothing else, for comparing the two. So the stop rule
/// is looked at after every answer here as well, and may end the lookup in the midst of a round,
/// where systems that go in rounds would wait for its last answer; what is measured against
/// lock-step is the idle slots alone. Source: the rounds of py-libp2p (at 1523c8c7).
class LockStepLookup final : public NearestFirstLookup {
 private:
  void begin() override { left_ = options().alpha; }
  bool may_ask(SimTime /*now*/) override { return left_ > 0; }
  void asked(PeerRef /*contact*/, SimTime /*now*/) override { --left_; }
  void ended(PeerRef /*contact*/, const Ended& /*how*/, SimTime /*now*/) override {
    left_ = in_flight() == 0 ? options().alpha : 0;
  }

  unsigned left_ = 0;  ///< how many this round may still ask
};

}  // namespace kadsim

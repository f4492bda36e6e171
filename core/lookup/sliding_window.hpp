#pragma once

#include "core/lookup/nearest_first.hpp"

namespace kadsim {

/// Alpha contacts are being asked at any time, nearest first: whenever one answers or fails, the
/// next starts. Stop rule and result: NearestFirstLookup.
///
/// Source: the event-driven window of go-libp2p-kad-dht and rust-libp2p, without their follow-up
/// and stall rules.
class SlidingWindowLookup final : public NearestFirstLookup {
 private:
  void begin() override {}
  bool may_ask(SimTime /*now*/) override { return in_flight() < options().alpha; }
};

}  // namespace kadsim

#pragma once

#include <vector>

#include "core/random/random_stream.hpp"
#include "sim/world/table_filling.hpp"

namespace kadsim {

/// What reading a derived bucket writes to: its contacts, until the next one is read, and the work
/// that its filler remembers for neighbours. Results do not depend on what is in it. Not for
/// several threads at once, so each part of a network has one of its own (NetworkPart).
struct DerivedScratch {
  /// The index of ranks outlives it.
  DerivedScratch(const TableOptions& options, const RankIndex& ranks, const RandomStream& stream)
      : filler(options, ranks, stream) {}

  BucketFiller filler;
  std::vector<PeerRef> contacts;
};

}  // namespace kadsim

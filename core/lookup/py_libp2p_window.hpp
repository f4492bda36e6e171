#pragma once

#include "core/lookup/py_libp2p.hpp"

namespace kadsim {

/// `py-libp2p` with a window within the round: a round asks all on the list of the `results`
/// closest that were not asked yet, alpha (default 10) at a time, nearest first; whenever one ends
/// the next starts. The next round starts when all have ended, from the list as it is then.
///
/// Stop rules, result, options and departures: PyLibp2pLookup.
/// Source: the change proposed in py-libp2p's discussion 1275, as its pull request 1274 had it.
class PyLibp2pWindowLookup final : public PyLibp2pLookup {
 public:
  PyLibp2pWindowLookup() : PyLibp2pLookup(Round::kAll) {}
};

}  // namespace kadsim

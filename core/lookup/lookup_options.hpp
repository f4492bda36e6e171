#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time/time.hpp"

namespace kadsim {

/// When `synchronous-rounds` ends. Both rules ask an oracle that knows the whole network.
enum class RoundsStop : std::uint8_t {
  kAnyOfClosest,  ///< one of the contacts of the round is among the `replication` closest to the
                  ///< target
  kClosest,       ///< the closest node of all is among the contacts of the round
};

/// Everything that a lookup strategy reads: which strategy it is, the parameters that all
/// strategies share, and those that some strategies have of their own. A strategy ignores what it
/// does not need; `StrategyReads` in strategies.hpp says which of their own parameters it reads.
/// All counts are >= 1.
struct LookupOptions {
  unsigned k = 20;        ///< contacts that a lookup starts from; also the size of a bucket
  unsigned alpha = 3;     ///< contacts asked at the same time
  unsigned beta = 20;     ///< nearest contacts that must have answered (py-dht: contacts returned)
  unsigned results = 20;  ///< contacts that a lookup returns
  std::optional<unsigned> steps_to_stop;  ///< answers in a row without progress; none: rule off

  std::string strategy = "sliding-window";  ///< a name from `lookup_strategies()`
  /// Strategies with a time limit of their own: how long they wait for one contact, its dial
  /// included, > 0. None: as long as the connection takes.
  std::optional<Duration> contact_timeout;
  unsigned max_rounds = 20;   ///< py-libp2p, py-libp2p-window: rounds at most
  unsigned concurrency = 10;  ///< synchronous-rounds: contacts asked in a round
  unsigned replication = 20;  ///< synchronous-rounds: how many nodes count as the closest
  RoundsStop stop = RoundsStop::kAnyOfClosest;  ///< synchronous-rounds
};

}  // namespace kadsim

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/prefetching.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/wire/reply.hpp"
#include "sim/world/exchange.hpp"
#include "sim/world/network_tables.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// The one place that knows what memory the events of a simulated network will touch, and at which
/// stage it is asked for. With many nodes or many requests under way nearly all of it lies far away
/// and would be waited for. The scheduler calls each stage of an event (core/event/action.hpp) some
/// events after the one before; no stage reads memory that the stage before did not ask for.
///
/// Changes no result: a network plays the same without it. Everything referred to outlives it.
class NetworkPrefetch {
 public:
  struct Parts {
    const Population& population;
    const NetworkTables& tables;
    const NetworkScheduler& scheduler;
  };
  explicit NetworkPrefetch(const Parts& parts) : parts_(parts) {}

  /// Replies to this handler touch what `prefetching` knows of. Only the first kHandlers handlers
  /// are kept; replies to all others are asked for without what lies behind their handler.
  void add(const ReplyHandler& handler, const Prefetching& prefetching);

  /// The request of this exchange will arrive at `to`.
  void arrival(const Exchange& exchange, PeerRef to, unsigned stage) const;
  /// This exchange will end; its handler and tag are given so that they need not be read.
  void end(const Exchange& exchange, const ReplyHandler* handler, std::uint64_t tag,
           unsigned stage) const;

 private:
  static constexpr std::size_t kHandlers = 2;
  struct Known {
    const ReplyHandler* handler = nullptr;
    const Prefetching* prefetching = nullptr;
  };

  void serving(PeerRef at, const Hash& target, unsigned stage) const;
  void next_of(const Prefetching& prefetching, std::uint64_t tag) const;
  [[nodiscard]] const Prefetching* of(const ReplyHandler* handler) const;

  Parts parts_;
  std::array<Known, kHandlers> known_{};
};

}  // namespace kadsim

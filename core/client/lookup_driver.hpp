#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/prefetching.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/lookup/strategy.hpp"
#include "core/time/time.hpp"
#include "core/wire/interaction.hpp"
#include "core/wire/reply.hpp"

namespace kadsim {

class OperationRun;

/// What an operation wants of its lookup, and so which answers its protocol is told of.
enum class LookupFor : std::uint8_t {
  kContacts,     ///< the closest nodes: none
  kFirstRecord,  ///< a record: those that bring one; a lookup resolved at once stops at the first
  kEveryAnswer,  ///< all records that there are: all; the lookup must be driven by events
};

/// Drives the lookup strategy of one operation: asks the contacts that it names, tells it of
/// replies, calls it again when it wants to be called. It stands in the run that it serves, and is
/// handed that run with each call: so what a reply touches stays within two cache lines.
class LookupDriver {
 public:
  /// What a reply does not touch: the strategies that this run has made, and the next wake-up.
  struct Upkeep {
    struct Made {
      std::string name;
      std::unique_ptr<LookupStrategy> strategy;
    };
    std::vector<Made> made;  // one for each name that was asked for
    EventId wake;            // when the strategy wants to be called though nothing happened
    SimTime wake_time = SimTime::max();  // max: no wake-up is scheduled
    EventId delivery;                    // of an end that is known before its time
  };

  /// Starts a lookup from `seeds`, nearest first, for what the run was asked for.
  void begin(OperationRun& run, std::span<const PeerRef> seeds, LookupFor purpose);
  /// The dial of a contact is over, if it needed one: sends the request.
  void send(OperationRun& run, Interaction interaction);
  void on_reply(OperationRun& run, const Interaction& interaction, const Reply& reply);
  /// Sets contacts and hops of the run to what the lookup has found so far.
  void collect(OperationRun& run) const;
  /// Cancels what it has scheduled.
  static void cancel(OperationRun& run);

  /// Pre: a lookup has begun.
  [[nodiscard]] LookupStrategy& strategy() const { return *strategy_; }
  /// Asks for the memory of the strategy (step 1), then for what the strategy has to say (step 2).
  void prefetch(unsigned step) const;
  [[nodiscard]] std::optional<std::uint32_t> likely_next() const {
    return prefetching_ == nullptr ? std::nullopt : prefetching_->likely_next(0);
  }

 private:
  void choose_strategy(OperationRun& run);
  void resolve_at_once(OperationRun& run, InstantLookup& lookup);
  void advance(OperationRun& run);
  /// Calls the strategy at `time` at the latest.
  void wake_at(OperationRun& run, SimTime time);
  void over(OperationRun& run, LookupEnd end);

  LookupStrategy* strategy_ = nullptr;        // of the lookup, or of the last one
  const Prefetching* prefetching_ = nullptr;  // the strategy; null: it cannot say
  LookupFor purpose_ = LookupFor::kContacts;
};

}  // namespace kadsim

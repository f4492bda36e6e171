#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/client/client_host.hpp"
#include "core/client/operation.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// One running operation: drives a lookup strategy through the connection, then stores at what was
/// found if it is a provide. Pooled by ClientHost; a late reply to an operation that is over is
/// recognised by its generation.
///
/// Phases: idle -> looking up -> (provide) storing -> idle.
class OperationRun {
 public:
  OperationRun(ClientHost& host, std::uint32_t slot);

  [[nodiscard]] std::uint32_t slot() const { return slot_; }
  [[nodiscard]] std::uint32_t generation() const { return generation_; }
  [[nodiscard]] bool idle() const { return phase_ == Phase::kIdle; }

  void start(const OperationRequest& request, OperationListener& listener, std::uint64_t tag);
  void on_reply(const Interaction& interaction, const Reply& reply);
  /// Asks for the memory that a reply will touch: stage 0 its own, 1 that of the lookup, 2 what the
  /// lookup knows.
  void fetch(unsigned stage) const;
  /// Ends the operation now and tells the listener.
  void finish(OperationStatus status);

 private:
  enum class Phase : std::uint8_t { kIdle, kLookup, kStore, kEnding };

  void advance();
  /// Calls the strategy at `time` at the latest.
  void wake_at(SimTime time);
  void resolve_at_once(InstantLookup& lookup);
  void lookup_over(LookupEnd end);
  void begin_stores();
  void on_lookup_reply(const Interaction& interaction, const Reply& reply);
  void on_store_reply(const Reply& reply);

  /// Dials `interaction.to`, or sends the request if no dial is needed.
  void open(Interaction interaction, bool already_dialled);
  void send(const Interaction& interaction);
  [[nodiscard]] std::uint64_t reply_tag() const;
  void learn(PeerRef contact, const Reply& reply);
  /// Finishes now or, within `start`, right after it has returned: a listener is never called by
  /// the call that starts an operation.
  void end_with(OperationStatus status);
  [[nodiscard]] std::uint32_t hops() const;

  ClientHost& host_;
  std::uint32_t slot_;
  std::uint32_t generation_ = 0;
  Phase phase_ = Phase::kIdle;
  std::unique_ptr<LookupStrategy> strategy_;
  OperationListener* listener_ = nullptr;
  std::uint64_t tag_ = 0;
  OperationOutcome outcome_;
  std::vector<ResultContact> contacts_;
  std::vector<PeerRef> seeds_;
  EventId time_limit_;
  EventId delivery_;  // of an end that is known before its time
  EventId wake_;      // when the strategy wants to be called although nothing happened
  SimTime wake_time_ = SimTime::max();
  std::uint32_t stores_open_ = 0;
  bool starting_ = false;
};

}  // namespace kadsim

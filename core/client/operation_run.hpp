#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/assert.hpp"
#include "core/base/prefetch.hpp"
#include "core/base/prefetching.hpp"
#include "core/client/client_host.hpp"
#include "core/client/contact_window.hpp"
#include "core/client/gathered_values.hpp"
#include "core/client/operation.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// One running operation: drives a lookup strategy through the connection, or asks the contacts of
/// a window, then stores at what was found if it is a provide or a put. Pooled by ClientHost; a
/// late reply to an operation that is over is recognised by its generation.
///
/// Phases, with or without a lookup (values.style):
///   idle -> lookup -> (provide, put) store -> idle, and after a get repair -> idle: its aftermath
///   idle -> (get) query -> repair -> idle
///   idle -> (put) store -> idle
class alignas(kCacheLine) OperationRun {
 public:
  OperationRun(ClientHost& host, std::uint32_t slot);

  [[nodiscard]] std::uint32_t slot() const { return slot_; }
  [[nodiscard]] std::uint32_t generation() const { return generation_; }
  [[nodiscard]] bool idle() const { return phase_ == Phase::kIdle; }

  /// `arrival`: when it came; until now it waited for its turn.
  void start(const OperationRequest& request, OperationListener& listener, std::uint64_t tag,
             SimTime arrival);
  void on_reply(const Interaction& interaction, const Reply& reply);
  /// Asks for the memory that a reply will touch: step 0 its own, 1 that of the strategy, 2 what
  /// the strategy has to say.
  void prefetch(unsigned step) const;
  [[nodiscard]] std::optional<std::uint32_t> likely_next() const;
  /// The run is over: the operation ends unfinished, or its aftermath where it stands.
  void cut_off();
  /// Ends the operation now and tells the listener.
  void finish(OperationStatus status);

 private:
  enum class Phase : std::uint8_t { kIdle, kLookup, kQuery, kStore, kRepair, kEnding };

  /// Phase of an interaction: keys draws.
  static constexpr std::uint8_t ordinal_of(Phase phase) {
    return phase == Phase::kStore ? 1 : phase == Phase::kRepair ? 2 : 0;
  }

  // operation_lookup.cpp: drives the strategy.
  void begin_lookup(std::span<const PeerRef> seeds);
  void advance();
  /// Calls the strategy at `time` at the latest.
  void wake_at(SimTime time);
  void resolve_at_once(InstantLookup& lookup);
  void lookup_over(LookupEnd end);
  void on_lookup_reply(const Interaction& interaction, const Reply& reply);
  [[nodiscard]] std::uint32_t hops() const;

  // operation_window.cpp: asks a list of contacts.
  void open_window(Phase phase, std::size_t width, std::optional<Duration> limit);
  void begin_stores();
  void ask_window();
  void on_window_reply(const Interaction& interaction, const Reply& reply);
  void window_over();

  // operation_values.cpp: what put and get decide.
  bool settled_at_home();
  void begin_without_lookup();
  void heard_value(PeerRef from, const Reply& reply);
  void queries_over();
  [[nodiscard]] bool repairs_in_background() const;
  void begin_repairs();
  void repairs_over();
  void take_values();

  /// Dials `interaction.to`, or sends the request if no dial is needed.
  void open(Interaction interaction, bool already_dialled);
  void send(const Interaction& interaction);
  [[nodiscard]] SimTime deadline_of(const Interaction& interaction) const;
  [[nodiscard]] std::uint64_t reply_tag() const;
  void learn(PeerRef contact, const Reply& reply);
  /// Finishes now or, within `start`, right after it has returned: a listener is never called by
  /// the call that starts an operation.
  void end_with(OperationStatus status);
  void end_aftermath();

  // What a reply of a lookup touches: two lines, up to the request of the outcome.
  static constexpr std::size_t kHotBytes = 2 * kCacheLine;

  ClientHost& host_;
  std::uint32_t slot_;
  std::uint32_t generation_ = 0;
  Phase phase_ = Phase::kIdle;
  bool starting_ = false;
  bool by_lookup_ = true;  // a lookup finds the contacts; else the own table names them
  std::unique_ptr<LookupStrategy> strategy_;
  const Prefetching* prefetching_;  // the strategy; null: it cannot say
  SimTime wake_time_ = SimTime::max();
  OperationOutcome outcome_;
  EventId wake_;      // when the strategy wants to be called although nothing happened
  EventId delivery_;  // of an end that is known before its time
  EventId time_limit_;
  OperationListener* listener_ = nullptr;
  std::uint64_t tag_ = 0;
  std::vector<ResultContact> contacts_;
  std::vector<PeerRef> seeds_;
  ContactWindow window_;
  std::optional<Duration> window_limit_;  // of each of its contacts
  std::uint32_t first_of_window_ = 0;     // index of its first contact within the phase
  std::uint32_t repairs_begun_ = 0;
  GatheredValues values_;                                                // of a get
  GatheredValues::Holding repairing_ = GatheredValues::Holding::kStale;  // without a lookup
};

}  // namespace kadsim

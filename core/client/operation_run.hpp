#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/base/prefetch.hpp"
#include "core/client/client_host.hpp"
#include "core/client/lookup_driver.hpp"
#include "core/client/operation.hpp"
#include "core/client/operation_protocol.hpp"
#include "core/client/window_driver.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// Did the contact answer the request, also if it rejected it?
constexpr bool is_answer(ReplyStatus status) {
  return status == ReplyStatus::kOk || status == ReplyStatus::kRejected;
}

/// One running operation, with what every operation has: a slot of the host, a listener, an
/// outcome, time limits, and the dials and requests under way. What is particular to its kind is
/// said by its OperationProtocol, which asks by a lookup (LookupDriver) or over a list of contacts
/// (WindowDriver), one after the other. Pooled by ClientHost; a late reply to an operation, or to a
/// phase of it, that is over is recognised by its generation.
class alignas(kCacheLine) OperationRun {
 public:
  OperationRun(ClientHost& host, std::uint32_t slot) : host_(host), slot_(slot) {}
  OperationRun(const OperationRun&) = delete;
  OperationRun& operator=(const OperationRun&) = delete;

  // For the host.
  [[nodiscard]] std::uint32_t slot() const { return slot_; }
  [[nodiscard]] std::uint32_t generation() const { return generation_; }
  [[nodiscard]] bool idle() const { return phase_ == Phase::kIdle; }
  /// `arrival`: when the operation came; until now it waited for its turn.
  void start(const OperationRequest& request, OperationListener& listener, std::uint64_t tag,
             SimTime arrival);
  void on_reply(const Interaction& interaction, const Reply& reply);
  /// Asks for the memory that a reply will touch: step 0 its own, further ones those of the lookup.
  void prefetch(unsigned step) const;
  [[nodiscard]] std::optional<std::uint32_t> likely_next() const { return lookup_.likely_next(); }
  /// The network stops: the operation ends unfinished, or its aftermath where it stands.
  void cut_off();
  /// Ends the operation now and tells the listener.
  void finish(OperationStatus status);

  // For its protocol: what it may ask for.
  [[nodiscard]] const OperationRequest& request() const { return outcome_.request; }
  [[nodiscard]] const ClientOptions& options() const { return *options_; }
  /// What was found, nearest first.
  [[nodiscard]] std::vector<ResultContact>& contacts() { return contacts_; }
  [[nodiscard]] LookupStrategy& strategy() const { return lookup_.strategy(); }
  /// The record that the origin itself holds under the target.
  [[nodiscard]] std::optional<Record> own_record() const;
  /// What that record carries besides; null: nothing.
  [[nodiscard]] const RecordDetails* own_details() const;
  void store_at_home(const Record& record, const RecordDetails* details);
  /// Puts the record of the request into the origin's own store. False: it would not take it.
  bool put_into_own_store();

  /// Looks up the target, from `seeds` or, if there are none, from the k closest contacts of the
  /// own table. Ends with the protocol's `on_lookup_over`.
  void begin_lookup(std::span<const PeerRef> seeds, LookupFor purpose);
  /// Without a lookup: what is found are the closest contacts of the own table, `replication` many.
  void take_contacts_of_own_table();
  /// Opens a window, to be filled and then asked. Ends with the protocol's `on_window_over`.
  void open_window(const WindowDriver::Options& options);
  void add_to_window(const ContactWindow::Contact& contact) { window_.add(contact); }
  void ask_window() { window_.ask(*this); }
  void stop_window() { window_.stop(); }
  struct StoreOptions {
    std::size_t width = ContactWindow::kAllAtOnce;
    std::optional<Duration> limit = std::nullopt;
  };
  /// Stores the record of the request at the first `replication` contacts found. What the lookup is
  /// still asking for is not heard any more. Ends with the protocol's `on_window_over`.
  void begin_stores(const StoreOptions& options);
  /// kStored with at least one store besides that of the origin, else kFailed.
  [[nodiscard]] OperationStatus outcome_of_stores() const;

  /// Finishes now or, within `start`, right after it has returned: a listener is never called by
  /// the call that starts an operation.
  void end_with(OperationStatus status);
  void end_aftermath();

  // For its drivers.
  [[nodiscard]] const ClientHost::Parts& parts() const { return host_.parts_; }
  [[nodiscard]] ReplyHandler& handler() const { return host_; }
  [[nodiscard]] OperationProtocol& protocol() const { return *protocol_; }
  [[nodiscard]] OperationOutcome& outcome() { return outcome_; }
  [[nodiscard]] LookupDriver::Upkeep& upkeep() { return upkeep_; }
  [[nodiscard]] bool looks_up() const { return phase_ == Phase::kLookup; }
  [[nodiscard]] SimTime now() const { return parts().scheduler.now(); }
  [[nodiscard]] std::uint64_t reply_tag() const {
    return (static_cast<std::uint64_t>(slot_) << 32) | generation_;
  }
  /// Dials `interaction.to`, or sends the request if no dial is needed.
  void open(Interaction interaction, bool already_dialled);
  /// Lets the origin's table learn from how a contact replied, as far as it is to learn.
  void learn(PeerRef contact, const Reply& reply);
  /// 1 if the nearest contact found came from the own table, and so on; 0 if the origin is nearer.
  [[nodiscard]] std::uint32_t hops_of_nearest() const;
  template <EventAction F>
  EventId schedule(SimTime time, EventKind kind, F&& action) {
    return parts().scheduler.of(request().origin.value).at(time, kind, std::forward<F>(action));
  }
  void cancel(EventId event) { parts().scheduler.cancel(event); }

 private:
  enum class Phase : std::uint8_t { kIdle, kLookup, kWindow, kEnding };

  void choose_protocol();
  void send(Interaction interaction);
  [[nodiscard]] SimTime deadline_of(const Interaction& interaction) const;

  // What a reply of a lookup touches: two lines, up to the key of the request in the outcome.
  static constexpr std::size_t kHotBytes = 2 * kCacheLine;

  ClientHost& host_;
  const ClientOptions* options_ = nullptr;  // of the origin
  std::uint32_t slot_;
  std::uint32_t generation_ = 0;
  Phase phase_ = Phase::kIdle;
  bool starting_ = false;
  bool in_aftermath_ = false;
  bool learns_ = false;   // the origin's table learns from replies
  std::uint8_t row_ = 0;  // of protocol_ among all
  LookupDriver lookup_;
  OperationOutcome outcome_;
  OperationProtocol* protocol_ = nullptr;  // of the operation, or of the last one
  LookupDriver::Upkeep upkeep_;
  EventId end_;  // of an operation that has ended within `start`
  EventId time_limit_;
  OperationListener* listener_ = nullptr;
  std::uint64_t tag_ = 0;
  std::vector<ResultContact> contacts_;
  std::vector<PeerRef> seeds_;  // scratch
  WindowDriver window_;
  std::vector<std::unique_ptr<OperationProtocol>> protocols_;  // by row; null: not played here yet
};

}  // namespace kadsim

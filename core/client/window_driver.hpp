#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/client/contact_window.hpp"
#include "core/time/time.hpp"
#include "core/wire/interaction.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"
#include "core/wire/reply.hpp"

namespace kadsim {

class OperationRun;

/// What the contacts of a window are asked for.
enum class WindowAsks : std::uint8_t {
  kQuery,   ///< the record that they hold
  kStore,   ///< to store a record
  kRepair,  ///< to store the best record, as they hold an older one or none
};

/// Asks a list of contacts that is known beforehand: the queries of a get that makes no lookup,
/// stores, and repairs. It stands in the run that it serves, is handed that run with each call,
/// counts what comes of it in the outcome, and tells the protocol.
class WindowDriver {
 public:
  struct Options {
    WindowAsks asks = WindowAsks::kStore;
    Record record{};                                ///< kStore, kRepair: what to store
    std::uint32_t first_index = 0;                  ///< contact_index of its first contact
    std::size_t width = ContactWindow::kAllAtOnce;  ///< contacts asked at a time, >= 1
    std::optional<Duration> limit = std::nullopt;   ///< of each contact, dial included
    /// What the record carries besides; null: nothing. Valid as long as the window is asked.
    const RecordDetails* details = nullptr;
  };

  /// Forgets the window before.
  void open(const Options& options) {
    options_ = options;
    window_.start(options.width);
  }
  void add(const ContactWindow::Contact& contact) { window_.add(contact); }
  /// Asks as many contacts as its width allows; tells the protocol if the window is over.
  void ask(OperationRun& run);
  /// No further contact is asked; those under way go on.
  void stop() { window_.stop(); }

  /// The dial of a contact is over, if it needed one: sends the request.
  void send(OperationRun& run, Interaction interaction);
  void on_reply(OperationRun& run, const Interaction& interaction, const Reply& reply);
  /// By when dial and request of the contact must both be over.
  [[nodiscard]] SimTime deadline_of(const Interaction& interaction) const {
    return window_[interaction.contact_index - options_.first_index].deadline;
  }

 private:
  ContactWindow window_;
  Options options_;
};

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/table/near_contact.hpp"
#include "core/wire/interaction.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"

namespace kadsim {

enum class ReplyStatus : std::uint8_t {
  kOk,
  kRefused,   ///< the remote does not listen: known soon (a fast error)
  kNoAnswer,  ///< nothing came before the deadline or the end of a slow error
  kRejected,  ///< the remote answered that it will not: a store over its limits, or older than what
              ///< it holds
  kBusy,      ///< the remote had no slot for the stream: over its limits in time
  kNoSlot,    ///< the asker itself had no slot: nothing was sent
  kRevoked,  ///< the asker's slot was given to something more important while the request was under
             ///< way
};

/// Did the interaction fail because of limits, the contact being there all the same?
constexpr bool is_want_of_slot(ReplyStatus status) { return status >= ReplyStatus::kBusy; }

/// How an interaction ended, as its asker learns it.
struct Reply {
  ReplyStatus status = ReplyStatus::kNoAnswer;
  std::span<const NearContact> contacts{};  ///< get_closest_nodes_to; valid during the call only
  bool has_record = false;                  ///< the remote holds a record of the key asked for
  Record record{};                          ///< that record, if there is one
  bool sent = true;                         ///< false: the request itself was never sent
  /// What the record carries besides; null: nothing. Valid during the call only.
  const RecordDetails* details = nullptr;

  /// Sets the record that the remote holds, details aside.
  void set_record(const std::optional<Record>& held) {
    has_record = held.has_value();
    record = held.value_or(Record{});
  }
};

/// Is told how interactions end. `tag` is the number given with the call.
class ReplyHandler {
 public:
  virtual ~ReplyHandler() = default;
  /// Does the caller still wait for this reply? If not, `on_reply` changes nothing.
  [[nodiscard]] virtual bool awaits(std::uint64_t tag) const = 0;
  virtual void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) = 0;
};

}  // namespace kadsim

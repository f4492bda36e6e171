#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "core/wire/record_details.hpp"

namespace kadsim {

/// The details of records under way. A message has no room for them, as hardly any brings some: so
/// they travel beside it, under a number that it shares with no other message that is under way.
/// They belong to no operation: a message may arrive long after its asker has given up.
///
/// Empty until the first record with details is sent. O(log n) a call, n = messages with details.
class DetailsUnderWay {
 public:
  /// The message of this number brings these; null: it brings none. Forgets what an earlier message
  /// of the number has left because it was lost.
  void send(std::uint32_t message, const RecordDetails* details) {
    if (details != nullptr) {
      by_message_.insert_or_assign(message, *details);
    } else if (!by_message_.empty()) {
      by_message_.erase(message);
    }
  }
  /// What the message of this number brings, if anything, now that it has arrived.
  [[nodiscard]] std::optional<RecordDetails> receive(std::uint32_t message) {
    auto node = by_message_.extract(message);
    if (node.empty()) return std::nullopt;
    return std::move(node.mapped());
  }

 private:
  std::map<std::uint32_t, RecordDetails> by_message_;
};

}  // namespace kadsim

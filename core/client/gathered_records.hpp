#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/client/operation.hpp"
#include "core/table/peer.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"
#include "core/wire/reply.hpp"

namespace kadsim {

/// What a get has been told: which contact holds which version, and the best record of them. Of
/// equal versions the first heard is kept, so the best is never replaced by its equal. O(1) to hear
/// an answer; O(n) to look up one contact, n = answers.
class GatheredRecords {
 public:
  enum class Holding : std::uint8_t {
    kUnknown,  ///< it has not answered, or was not asked
    kNothing,
    kStale,  ///< an older version than the best
    kBest,
  };

  void start() {
    answers_.clear();
    best_.reset();
    best_details_.reset();
    seen_ = 0;
  }
  /// `from` answered, with a record or without one; `details` is what the record carries besides,
  /// null: nothing. Called at most once for each contact.
  void heard(PeerRef from, const std::optional<Record>& record, const RecordDetails* details) {
    answers_.push_back({from, record});
    if (!record.has_value()) return;
    ++seen_;
    if (best_.has_value() && !record->better_than(*best_)) return;
    best_ = record;
    best_details_ = details == nullptr ? std::nullopt : std::optional(*details);
  }

  void heard(PeerRef from, const Reply& reply) {
    heard(from, reply.has_record ? std::optional(reply.record) : std::nullopt, reply.details);
  }

  [[nodiscard]] const std::optional<Record>& best() const { return best_; }
  /// What the best record carries besides; null: nothing. Valid until a better one is heard of.
  [[nodiscard]] const RecordDetails* best_details() const { return or_null(best_details_); }
  /// Records heard of.
  [[nodiscard]] std::uint32_t seen() const { return seen_; }
  /// Of these, those older than the best.
  [[nodiscard]] std::uint32_t stale() const {
    const auto older = [this](const Answer& answer) { return holding(answer) == Holding::kStale; };
    return static_cast<std::uint32_t>(std::ranges::count_if(answers_, older));
  }
  [[nodiscard]] Holding of(PeerRef peer) const {
    const auto answer = std::ranges::find(answers_, peer, &Answer::from);
    return answer == answers_.end() ? Holding::kUnknown : holding(*answer);
  }
  /// Are there enough records? `quorum` of them in py-libp2p, one more in go-libp2p; never if the
  /// quorum is 0.
  [[nodiscard]] bool quorum_met(const ValueOptions& options) const {
    if (options.quorum == 0) return false;
    return options.style == ValueStyle::kPyLibp2p ? seen_ >= options.quorum
                                                  : seen_ > options.quorum;
  }

  /// Writes down what the outcome of a get tells of it.
  void tell(OperationOutcome& outcome, const ValueOptions& options) const {
    outcome.details = best_details();
    ValueOutcome& out = outcome.value;
    out.version = best_.has_value() ? best_->version : 0;
    out.seen = seen();
    out.stale = stale();
    out.quorum_met = quorum_met(options);
  }

 private:
  struct Answer {
    PeerRef from;
    std::optional<Record> record;
  };
  [[nodiscard]] Holding holding(const Answer& answer) const {
    if (!answer.record.has_value()) return Holding::kNothing;
    return best_->better_than(*answer.record) ? Holding::kStale : Holding::kBest;
  }

  std::vector<Answer> answers_;
  std::optional<Record> best_;
  std::optional<RecordDetails> best_details_;
  std::uint32_t seen_ = 0;
};

}  // namespace kadsim

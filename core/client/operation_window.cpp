// The part of an operation that asks a fixed list of contacts: the queries of a get that makes no
// lookup, stores, and repairs.

#include "core/client/operation_run.hpp"

#include <algorithm>

namespace kadsim {

void OperationRun::open_window(Phase phase, std::size_t width, std::optional<Duration> limit) {
  phase_ = phase;
  window_.start(width);
  window_limit_ = limit;
}

void OperationRun::begin_stores() {
  ++generation_;  // what the lookup is still asking for is of no use any more
  const ValueOptions& values = host_.options_.values;
  if (!by_lookup_) {
    open_window(Phase::kStore, host_.options_.lookup.alpha, values.query_timeout);
  } else if (outcome_.request.kind == OperationKind::kPut) {
    open_window(Phase::kStore, ContactWindow::kAllAtOnce, values.put_timeout);
  } else {
    open_window(Phase::kStore, ContactWindow::kAllAtOnce, std::nullopt);
  }
  const std::size_t holders = std::min<std::size_t>(contacts_.size(), host_.options_.replication);
  for (std::size_t i = 0; i < holders; ++i) {
    window_.add({.peer = contacts_[i].peer, .dialled = contacts_[i].answered});
  }
  ask_window();
}

void OperationRun::ask_window() {
  const bool query = phase_ == Phase::kQuery;
  while (const auto next = window_.next()) {
    ContactWindow::Contact& contact = window_[*next];
    if (window_limit_.has_value()) contact.deadline = host_.parts_.scheduler.now() + *window_limit_;
    if (query) ++outcome_.attempts;
    open({.from = outcome_.request.origin,
          .to = contact.peer,
          .operation = outcome_.request.key,
          .contact_index = first_of_window_ + *next,
          .ordinal = ordinal_of(phase_)},
         contact.dialled);
  }
  if (window_.over()) window_over();
}

void OperationRun::on_window_reply(const Interaction& interaction, const Reply& reply) {
  const std::uint32_t at = interaction.contact_index - first_of_window_;
  const bool answered = reply.status == ReplyStatus::kOk || reply.status == ReplyStatus::kRejected;
  if (!by_lookup_ && phase_ != Phase::kRepair) contacts_[at].answered = answered;
  if (phase_ == Phase::kQuery) {
    ++(answered ? outcome_.succeeded : outcome_.failed);
    heard_value(interaction.to, reply);
  } else if (reply.status == ReplyStatus::kOk) {
    ++outcome_.stores;
    if (phase_ == Phase::kRepair) {
      ++(window_[at].stale ? outcome_.value.repaired : outcome_.value.corrected);
    }
  } else {
    ++outcome_.stores_failed;
  }
  window_.ended();
  ask_window();
}

void OperationRun::window_over() {
  switch (phase_) {
    case Phase::kQuery:
      queries_over();
      break;
    case Phase::kStore:
      end_with(outcome_.stores > 0 ? OperationStatus::kStored : OperationStatus::kFailed);
      break;
    case Phase::kRepair:
      repairs_over();
      break;
    default:
      KADSIM_ASSERT(false, "an operation has no window in this phase");
  }
}

}  // namespace kadsim

// The part of an operation that stores at what was found.

#include "core/client/operation_run.hpp"

#include <algorithm>

namespace kadsim {

void OperationRun::begin_stores() {
  phase_ = Phase::kStore;
  ++generation_;  // what the lookup is still asking for is of no use any more
  const std::size_t holders = std::min<std::size_t>(contacts_.size(), host_.options_.replication);
  if (holders == 0) {
    end_with(OperationStatus::kFailed);
    return;
  }
  stores_open_ = static_cast<std::uint32_t>(holders);
  for (std::size_t i = 0; i < holders; ++i) {
    open({.kind = InteractionKind::kStoreSegment,
          .from = outcome_.request.origin,
          .to = contacts_[i].peer,
          .operation = outcome_.request.key,
          .attempt = static_cast<std::uint32_t>(i),
          .ordinal = 1},
         contacts_[i].answered);
  }
}

void OperationRun::on_store_reply(const Reply& reply) {
  if (reply.status == ReplyStatus::kOk) {
    ++outcome_.stores;
  } else {
    ++outcome_.stores_failed;
  }
  if (--stores_open_ == 0) {
    finish(outcome_.stores > 0 ? OperationStatus::kStored : OperationStatus::kFailed);
  }
}

}  // namespace kadsim

#include "core/client/window_driver.hpp"

#include "core/client/operation_run.hpp"

namespace kadsim {
namespace {

// Phase of an interaction: keys draws.
constexpr std::uint8_t ordinal_of(WindowAsks asks) {
  return asks == WindowAsks::kStore ? 1 : asks == WindowAsks::kRepair ? 2 : 0;
}

}  // namespace

void WindowDriver::ask(OperationRun& run) {
  while (const auto next = window_.next()) {
    ContactWindow::Contact& contact = window_[*next];
    if (options_.limit.has_value()) contact.deadline = run.now() + *options_.limit;
    if (options_.asks == WindowAsks::kQuery) ++run.outcome().attempts;
    run.open({.from = run.request().origin,
              .to = contact.peer,
              .operation = run.request().key,
              .contact_index = options_.first_index + *next,
              .ordinal = ordinal_of(options_.asks)},
             contact.dialled);
  }
  if (window_.over()) run.protocol().on_window_over();
}

void WindowDriver::send(OperationRun& run, Interaction interaction) {
  Connection& connection = run.parts().connection;
  const Hash& target = run.request().target;
  if (options_.asks == WindowAsks::kQuery) {
    interaction.kind = InteractionKind::kRetrieveSegment;
    connection.retrieve_segment(interaction, target, run.handler(), run.reply_tag());
  } else {
    interaction.kind = InteractionKind::kStoreSegment;
    connection.store_segment(interaction, segment_of(target, options_.record), options_.details,
                             run.handler(), run.reply_tag());
  }
}

void WindowDriver::on_reply(OperationRun& run, const Interaction& interaction, const Reply& reply) {
  const std::uint32_t at = interaction.contact_index - options_.first_index;
  OperationOutcome& outcome = run.outcome();
  if (options_.asks == WindowAsks::kQuery) {
    ++(is_answer(reply.status) ? outcome.succeeded : outcome.failed);
  } else if (reply.status == ReplyStatus::kOk) {
    ++outcome.stores;
    if (options_.asks == WindowAsks::kRepair) {
      ++(window_[at].stale ? outcome.value.repaired : outcome.value.corrected);
    }
  } else {
    ++outcome.stores_failed;
  }
  run.protocol().on_window_reply(at, interaction.to, reply);
  window_.ended();
  ask(run);
}

}  // namespace kadsim

#include "sim/run/run_recorder.hpp"

#include "sim/measure/interaction_result.hpp"

#include <utility>

namespace kadsim {
namespace {

// Kinds of interactions have the numbers from 0 on in the fingerprint, kinds of operations those
// from 16 on. Changing one makes fingerprints incomparable with those of earlier versions.
constexpr std::uint32_t kFirstOperationKind = 16;

}  // namespace

RunRecorder::RunRecorder(const Workload& workload, DhtNetwork& network, ConnectionLog* connections)
    : network_(network),
      population_(network.population()),
      connections_(connections),
      rows_(workload.size()) {
  for (std::uint64_t i = 0; i < rows_.size(); ++i) {
    rows_[i].kind = workload.entries()[workload.place(i).entry].op;
  }
}

void RunRecorder::on_operation(std::uint64_t number, const OperationOutcome& outcome) {
  OperationRow& row = rows_[number];
  row.arrived = true;
  row.target = outcome.request.target;
  row.start = outcome.start;
  row.end = outcome.end;
  row.queued = outcome.queued;
  row.origin = population_.birth(outcome.request.origin);
  row.hops = outcome.hops;
  row.attempts = outcome.attempts;
  row.succeeded = outcome.succeeded;
  row.failed = outcome.failed;
  count_sent(outcome, row);
  row.status = outcome.status;
  row.oracle_stop = outcome.oracle_stop;
  const bool asked_to_the_end =
      outcome.status != OperationStatus::kFound && outcome.status != OperationStatus::kRefused;
  if (asked_to_the_end) measure_recall(outcome, row);
  fingerprint_.add({.time = outcome.end,
                    .node = row.origin,
                    .kind = kFirstOperationKind + static_cast<std::uint32_t>(row.kind),
                    .operation = outcome.request.key,
                    .attempt = row.attempts,
                    .outcome = static_cast<std::uint32_t>(row.status)});
}

void RunRecorder::on_aftermath(std::uint64_t number, const OperationOutcome& outcome) {
  count_sent(outcome, rows_[number]);
}

void RunRecorder::count_sent(const OperationOutcome& outcome, OperationRow& row) {
  row.rpcs = outcome.rpcs;
  row.stores = outcome.stores;
  row.stores_failed = outcome.stores_failed;
  row.value = outcome.value;
}

void RunRecorder::measure_recall(const OperationOutcome& outcome, OperationRow& row) {
  const Hash& target = outcome.request.target;
  const PeerRef origin = outcome.request.origin;
  network_.closest_nodes().find(target, network_.host().options_of(origin).lookup.results, origin,
                                closest_);
  row.closest = static_cast<std::uint16_t>(closest_.size());
  // Both lists are sorted by distance to the target, so one walk over both finds the common nodes.
  std::size_t at = 0;
  for (const ResultContact& contact : outcome.contacts) {
    while (at < closest_.size() && closest_[at] != contact.peer &&
           nearer(target, population_.hash(closest_[at]), population_.hash(contact.peer))) {
      ++at;
    }
    if (at == closest_.size()) break;
    if (closest_[at] != contact.peer) continue;
    ++row.heard;
    if (contact.answered) ++row.answered;
    ++at;
  }
}

void RunRecorder::on_interaction(const InteractionOutcome& record) {
  const Interaction& interaction = record.interaction;
  if (connections_ != nullptr) connections_->write(record);
  // A dial or negotiation that succeeded is not an outcome: that of its request is recorded
  // instead.
  const bool opens = interaction.kind == InteractionKind::kDial ||
                     interaction.kind == InteractionKind::kNegotiation;
  if (opens && record.answered()) return;
  fingerprint_.add({.time = record.end,
                    .node = population_.birth(interaction.to),
                    .kind = static_cast<std::uint32_t>(interaction.kind),
                    .operation = interaction.operation,
                    .attempt = interaction.contact_index,
                    .outcome = static_cast<std::uint32_t>(result_of(record))});
}

}  // namespace kadsim

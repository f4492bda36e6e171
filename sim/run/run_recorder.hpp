#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/event/scheduler.hpp"
#include "sim/measure/fingerprint_timeline.hpp"
#include "sim/measure/operation_row.hpp"
#include "sim/results/connection_log.hpp"
#include "sim/workload/workload_player.hpp"
#include "sim/world/dht_network.hpp"
#include "sim/world/interaction_outcome.hpp"

namespace kadsim {

/// Watches one run: keeps a row for each operation, adds every outcome to the fingerprint, and
/// passes interactions on to connections.csv if the scenario asks for that file. All memory is
/// allocated by the constructor; recording allocates nothing.
class RunRecorder final : public WorkloadObserver, public InteractionObserver {
 public:
  /// `connections` may be null. All outlive the recorder.
  RunRecorder(const Workload& workload, DhtNetwork& network, ConnectionLog* connections);

  void on_operation(std::uint64_t number, const OperationOutcome& outcome) override;
  void on_aftermath(std::uint64_t number, const OperationOutcome& outcome) override;
  void on_interaction(const InteractionOutcome& record) override;

  /// A row for each operation, by number. Of an operation that never arrived only the kind is set.
  [[nodiscard]] std::vector<OperationRow> take_rows() { return std::move(rows_); }
  [[nodiscard]] const FingerprintTimeline& fingerprint() const { return fingerprint_; }

 private:
  /// Copies the counts that may still grow after the end of an operation.
  static void count_sent(const OperationOutcome& outcome, OperationRow& row);
  void measure_recall(const OperationOutcome& outcome, OperationRow& row);

  DhtNetwork& network_;
  const Population& population_;
  ConnectionLog* connections_;
  std::vector<OperationRow> rows_;
  FingerprintTimeline fingerprint_;
  std::vector<PeerRef> closest_;  // scratch
};

}  // namespace kadsim

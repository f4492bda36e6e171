#include "sim/measure/operation_statistics.hpp"

namespace kadsim {

void OperationStatistics::add(const OperationRow& row) {
  ++operations;
  ++by_status[static_cast<std::size_t>(row.status)];
  if (row.status == OperationStatus::kUnfinished) return;
  hops.add(row.hops);
  attempts.add(row.attempts);
  latency_ns.add(row.latency().ns());
  succeeded += row.succeeded;
  failed += row.failed;
  rpcs += row.rpcs;
  stores += row.stores;
  stores_failed += row.stores_failed;
  closest += row.closest;
  heard += row.heard;
  answered += row.answered;
  values_seen += row.value.seen;
  stale += row.value.stale;
  repaired += row.value.repaired;
  corrected += row.value.corrected;
  quorums_met += row.value.quorum_met ? 1U : 0U;
}

void OperationStatistics::merge(const OperationStatistics& other) {
  for (std::size_t i = 0; i < by_status.size(); ++i) by_status[i] += other.by_status[i];
  hops.merge(other.hops);
  attempts.merge(other.attempts);
  latency_ns.merge(other.latency_ns);
  operations += other.operations;
  succeeded += other.succeeded;
  failed += other.failed;
  rpcs += other.rpcs;
  stores += other.stores;
  stores_failed += other.stores_failed;
  closest += other.closest;
  heard += other.heard;
  answered += other.answered;
  values_seen += other.values_seen;
  stale += other.stale;
  repaired += other.repaired;
  corrected += other.corrected;
  quorums_met += other.quorums_met;
}

}  // namespace kadsim

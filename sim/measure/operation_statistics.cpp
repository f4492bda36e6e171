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
}

}  // namespace kadsim

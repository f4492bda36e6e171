#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "sim/measure/content_hash.hpp"
#include "sim/measure/fingerprint_timeline.hpp"
#include "sim/measure/limit_rows.hpp"
#include "sim/measure/operation_row.hpp"
#include "sim/measure/operation_statistics.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/world/dht_network.hpp"
#include "sim/world/node_groups.hpp"

namespace kadsim {

/// What a run came to: everything that its result files and its report are made of, but the rows of
/// connections.csv, which are written while it plays.
struct RunResult {
  std::vector<OperationRow> rows;             ///< one an operation, by number
  std::vector<OperationStatistics> by_entry;  ///< over the operations that arrived within `measure`
  /// Number of the first operation of each entry of the workload; then the count of all operations.
  std::vector<std::uint64_t> entry_begin;
  FingerprintTimeline fingerprint;
  ContentHash world;     ///< of hashes and tables at time 0, see sim/run/world_hash.hpp
  ContentHash workload;  ///< of origins and targets
  NetworkSummary network;
  NodeGroups groups;  ///< of the nodes of time 0; none by default
  /// Of each entry, over its counted operations by the group of their origin (NodeGroups::of), for
  /// those groups that any of them started in. Empty: there are no groups.
  std::vector<std::map<std::size_t, OperationStatistics>> by_entry_and_group;
  std::vector<LimitRow> limits;                       ///< empty: clients have none
  std::uint64_t events = 0;                           ///< that the scheduler ran
  TableStorage storage = TableStorage::kPrecomputed;  ///< what `auto` came to
  std::uint64_t table_bytes = 0;
  SimTime end;  ///< of the last event, or stop.at

  /// Over all entries of one kind. `entries` are those of the scenario that was played.
  [[nodiscard]] OperationStatistics of_kind(OperationKind kind,
                                            const std::vector<WorkloadEntry>& entries) const;
  /// The same over the operations whose origin is in one group (NodeGroups::of).
  [[nodiscard]] OperationStatistics of_kind_and_group(
      OperationKind kind, std::size_t group, const std::vector<WorkloadEntry>& entries) const;
};

/// True if the operation counts in the summary: it arrived within `measure`.
bool is_measured(const OperationRow& row, const MeasureOptions& measure);

}  // namespace kadsim

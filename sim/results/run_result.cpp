#include "sim/results/run_result.hpp"

namespace kadsim {

bool is_measured(const OperationRow& row, const MeasureOptions& measure) {
  return row.arrived && row.start >= measure.from &&
         (!measure.until.has_value() || row.start < *measure.until);
}

OperationStatistics RunResult::of_kind(OperationKind kind,
                                       const std::vector<WorkloadEntry>& entries) const {
  OperationStatistics all;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].op == kind) all.merge(by_entry[i]);
  }
  return all;
}

OperationStatistics RunResult::of_kind_and_group(OperationKind kind, std::size_t group,
                                                 const std::vector<WorkloadEntry>& entries) const {
  OperationStatistics all;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto found = by_entry_and_group[i].find(group);
    if (entries[i].op == kind && found != by_entry_and_group[i].end()) all.merge(found->second);
  }
  return all;
}

}  // namespace kadsim

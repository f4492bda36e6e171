#pragma once

#include <string>

#include "sim/results/provenance.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/sweep/many_runs.hpp"

namespace kadsim {

/// The report on many runs for a terminal. For each kind of operation it has a table with a row for
/// each point over all its replicas, which also says how much shorter latencies are than with the
/// first value of the last axis, all else equal; then how fast the runs were.
std::string format_many_report(const RunPlan& plan, const ManyRunsResult& result,
                               const RunTiming& timing, std::size_t side_by_side);

}  // namespace kadsim

#pragma once

#include <string>

#include "sim/results/provenance.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/sweep/many_runs.hpp"

namespace kadsim {

/// The report on many runs for a person at a terminal: for each kind of operation a table with a
/// row a point, over all its replicas, and how much shorter latencies are than with the first value
/// of the last axis, all else equal; then how fast it went.
std::string format_many_report(const RunPlan& plan, const ManyRunsResult& result,
                               const RunTiming& timing, std::size_t side_by_side);

}  // namespace kadsim

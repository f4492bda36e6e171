#pragma once

#include <string>

#include "sim/results/provenance.hpp"
#include "sim/results/run_result.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// The short report on a run for a terminal: what was played, a table with a row for each entry of
/// the workload, and how fast the run was.
std::string format_report(const Scenario& scenario, const RunResult& result,
                          const RunTiming& timing);

}  // namespace kadsim

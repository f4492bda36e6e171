#pragma once

#include <cstdint>

#include "sim/results/csv_writer.hpp"
#include "sim/workload/workload.hpp"
#include "sim/world/interaction_outcome.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// connections.csv: py-dht's ten columns, then what tells which operation a row belongs to. A row a
/// dial or request, in the order in which they ended. For py-dht's own lookup a row is a
/// connection: the dial and the request behind it.
class ConnectionLog {
 public:
  /// All outlive the log. Writes the row of titles.
  ConnectionLog(FileWriter& file, const Workload& workload, const Population& population);

  void write(const InteractionOutcome& record);

 private:
  CsvWriter csv_;
  const Workload& workload_;
  const Population& population_;
  std::uint64_t next_id_ = 0;
};

}  // namespace kadsim

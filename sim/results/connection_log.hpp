#pragma once

#include <cstdint>

#include "sim/results/csv_writer.hpp"
#include "sim/workload/workload.hpp"
#include "sim/world/interaction_outcome.hpp"
#include "sim/world/population.hpp"

namespace kadsim {

/// Writes connections.csv: the ten columns of py-dht, then those that tell which operation a row
/// belongs to. There is a row for each dial and each request, in the order of their ends. Under the
/// strategy `py-dht` a row is a connection: a dial together with its request.
class ConnectionLog {
 public:
  /// Writes the row of titles. All arguments must outlive the log.
  ConnectionLog(FileWriter& file, const Workload& workload, const Population& population);

  void write(const InteractionOutcome& record);

 private:
  CsvWriter csv_;
  const Workload& workload_;
  const Population& population_;
  std::uint64_t next_id_ = 0;
};

}  // namespace kadsim

#pragma once

#include <cstdint>

#include "core/client/operation.hpp"
#include "core/client/operation_kind.hpp"
#include "core/hash/hash.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What is kept of an operation: one row of operations.csv. Definitions stand in docs/output.md.
struct OperationRow {
  Hash target;
  SimTime start;
  SimTime end;
  Duration queued;
  std::uint32_t origin = 0;  ///< birth number
  std::uint32_t hops = 0;
  std::uint32_t attempts = 0;
  std::uint32_t succeeded = 0;
  std::uint32_t failed = 0;
  std::uint32_t rpcs = 0;
  std::uint32_t stores = 0;
  std::uint32_t stores_failed = 0;
  ValueOutcome value;          ///< of a put or a get
  std::uint16_t closest = 0;   ///< nodes in a perfect result; 0: recall does not apply
  std::uint16_t heard = 0;     ///< of these, how many are in the result
  std::uint16_t answered = 0;  ///< of these, how many are in the result and answered
  OperationKind kind = OperationKind::kLookup;
  OperationStatus status = OperationStatus::kUnfinished;
  bool oracle_stop = false;
  bool arrived = false;  ///< false: the run ended before it could start

  [[nodiscard]] Duration latency() const { return end - start; }
};

}  // namespace kadsim

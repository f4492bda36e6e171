#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/client/connection.hpp"
#include "core/client/operation_kind.hpp"
#include "core/event/scheduler.hpp"
#include "core/lookup/strategy.hpp"

namespace kadsim {

/// What a client is to do.
struct OperationRequest {
  OperationKind kind = OperationKind::kLookup;
  PeerRef origin{};
  Hash target{};
  std::uint32_t segment_bytes = 0;  ///< provide: size of the segment
  std::uint64_t key = 0;    ///< opaque, unique: keys the random draws of all its interactions
  bool fill_table = false;  ///< bootstrap: every contact heard of is offered to the origin's table
  /// Contacts to start from. Empty: the k closest of the origin's own table. Must stay valid during
  /// the call.
  std::span<const PeerRef> seeds{};
};

/// How it went. Durations and counts as in docs/output.md.
struct OperationOutcome {
  OperationRequest request;  ///< its `seeds` are not kept
  OperationStatus status = OperationStatus::kUnfinished;
  SimTime start;
  SimTime end;
  std::uint32_t hops = 0;
  std::uint32_t attempts = 0;
  std::uint32_t succeeded = 0;
  std::uint32_t failed = 0;
  std::uint32_t rpcs = 0;
  std::uint32_t stores = 0;
  std::uint32_t stores_failed = 0;
  bool oracle_stop = false;                 ///< the lookup was told by an oracle when to stop
  std::span<const ResultContact> contacts;  ///< nearest first; valid during the call only
};

/// Told of the end of operations. `tag` is the number given at their start.
class OperationListener {
 public:
  virtual ~OperationListener() = default;
  virtual void on_operation_end(std::uint64_t tag, const OperationOutcome& outcome) = 0;
};

}  // namespace kadsim

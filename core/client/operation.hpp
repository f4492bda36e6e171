#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/client/operation_kind.hpp"
#include "core/event/scheduler.hpp"
#include "core/lookup/strategy.hpp"
#include "core/wire/connection.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"

namespace kadsim {

/// What a client is to do.
struct OperationRequest {
  OperationKind kind = OperationKind::kLookup;
  bool fill_table = false;  ///< bootstrap: every contact heard of is offered to the origin's table
  PeerRef origin{};
  Hash target{};
  Record record{};        ///< provide, put: what is stored
  std::uint64_t key = 0;  ///< opaque, unique: keys the random draws of all its interactions
  /// Contacts to start from. Empty: the k closest of the origin's own table. Must stay valid during
  /// the call.
  std::span<const PeerRef> seeds{};
  /// Provide, put: what the record carries besides; null: nothing.
  std::shared_ptr<const RecordDetails> details{};
};

/// What is particular to the outcome of a put (its version) or a get.
struct ValueOutcome {
  std::uint32_t version = 0;    ///< put: of the record; get: of the best one seen
  std::uint32_t seen = 0;       ///< get: records seen, the origin's own included
  std::uint32_t stale = 0;      ///< get: of these, those older than the best
  std::uint32_t repaired = 0;   ///< get: contacts that gave an older record and took the best
  std::uint32_t corrected = 0;  ///< get: other contacts that took the best
  bool quorum_met = false;      ///< get: enough records were seen
};

/// How an operation went. Durations and counts as in docs/output.md.
struct OperationOutcome {
  std::uint32_t attempts = 0;
  std::uint32_t succeeded = 0;
  std::uint32_t failed = 0;
  std::uint32_t rpcs = 0;
  OperationRequest request;  ///< its `seeds` are not kept
  OperationStatus status = OperationStatus::kUnfinished;
  SimTime start;  ///< its arrival
  SimTime end;
  Duration queued;  ///< how much of that time it waited for its turn
  std::uint32_t hops = 0;
  std::uint32_t stores = 0;
  std::uint32_t stores_failed = 0;
  ValueOutcome value;
  bool oracle_stop = false;                 ///< the lookup was told by an oracle when to stop
  std::span<const ResultContact> contacts;  ///< nearest first; valid during the call only
  /// Retrieve, get: what the record found carries besides; null: nothing. Valid during the call
  /// only.
  const RecordDetails* details = nullptr;
};

/// Is told of the end of operations. `tag` is the number given at their start.
class OperationListener {
 public:
  virtual ~OperationListener() = default;
  virtual void on_operation_end(std::uint64_t tag, const OperationOutcome& outcome) = 0;
  /// What an operation still did after its end is over: a get of go-libp2p repairs stale holders in
  /// the background. The requests, stores and repairs of that time are now counted; `contacts` is
  /// empty, and everything else is as told at the end. At most once, after `on_operation_end`; the
  /// listener lives until then.
  virtual void on_operation_aftermath(std::uint64_t /*tag*/, const OperationOutcome& /*outcome*/) {}
};

}  // namespace kadsim

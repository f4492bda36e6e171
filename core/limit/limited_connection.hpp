#pragma once

#include <cstdint>
#include <optional>

#include "core/limit/dialled_connections.hpp"
#include "core/limit/gate.hpp"
#include "core/limit/limited_dials.hpp"
#include "core/limit/limited_requests.hpp"
#include "core/wire/connection.hpp"

namespace kadsim {

/// A connection whose requests and dials pass the limits of their sender first.
///
/// A request takes a slot of the gate `streams`, then, where `negotiations` is given, a slot of
/// that one for a negotiation with the remote, which is a round trip; then it is sent. Its stream's
/// slot is given back when the reply is there or given up (LimitedRequests). A dial passes
/// `contacts`: it is not made if there is a connection already, and waits or fails if there can be
/// no further one (LimitedDials).
///
/// Waiting counts towards the deadline. What finds no slot ends with `ReplyStatus::kNoSlot`, and
/// the connection behind never hears of it; what loses its slot under way ends with
/// `ReplyStatus::kRevoked`. A call whose handler no longer awaits it when its turn comes is not
/// sent, and not answered; every other call is answered once.
///
/// The pooled states are the only cost; a client without limits uses no such connection.
class LimitedConnection final : public Connection {
 public:
  /// Everything referred to outlives it. `connection` carries what passed; each of the others may
  /// be null, and then limits nothing.
  using Parts = LimitedRequests::Parts;
  explicit LimitedConnection(const Parts& parts);

  void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void negotiate(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                            ReplyHandler& handler, std::uint64_t tag) override;
  void store_segment(const Interaction& interaction, const Segment& segment,
                     const RecordDetails* details, ReplyHandler& handler,
                     std::uint64_t tag) override;
  void retrieve_segment(const Interaction& interaction, const Hash& key, ReplyHandler& handler,
                        std::uint64_t tag) override;
  void operation_over(PeerRef origin, std::uint64_t operation) override;

  /// The requests under way: how the connection behind knows their asker, to which it replies.
  [[nodiscard]] LimitedRequests& requests() { return requests_; }

 private:
  Connection& connection_;
  DialledConnections* contacts_;
  std::optional<LimitedDials> dials_;  // none: dials pass as they are
  LimitedRequests requests_;
};

}  // namespace kadsim

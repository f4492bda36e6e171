#pragma once

#include <cstdint>
#include <optional>

#include "core/base/prefetching.hpp"
#include "core/base/slot_pool.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/limit/dialled_connections.hpp"
#include "core/limit/gate.hpp"
#include "core/wire/connection.hpp"

namespace kadsim {

/// A connection whose requests pass the limits of their sender first.
///
/// A request takes a slot of the gate `streams`, then, where `negotiations` is given, a slot of
/// that one for a negotiation with the remote, which is a round trip; then it is sent. Its stream's
/// slot is given back when the reply is there or given up. A dial passes `contacts`: it is not made
/// if there is a connection already, and waits or fails if there can be no further one. Waiting
/// counts towards the request's deadline, and a request that its handler no longer awaits when its
/// turn comes is not sent. For want of a slot it ends with `ReplyStatus::kNoSlot`, and the
/// connection behind never hears of it; if its slot is revoked under way, with
/// `ReplyStatus::kRevoked`.
///
/// The pooled state of a request is the only cost; a client without limits uses no such connection.
class LimitedConnection final : public Connection,
                                public Prefetching,
                                private ReplyHandler,
                                private GateListener {
 public:
  struct Parts {
    NetworkScheduler& scheduler;
    Connection& connection;                  ///< that carries what passed
    Gate* streams = nullptr;                 ///< null: streams are not limited
    Gate* negotiations = nullptr;            ///< null: no negotiation takes place
    DialledConnections* contacts = nullptr;  ///< null: connections are not counted
  };
  explicit LimitedConnection(const Parts& parts) : parts_(parts) {}

  void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag) override;
  void negotiate(const Interaction& interaction, ReplyHandler& handler,
                 std::uint64_t tag) override {
    parts_.connection.negotiate(interaction, handler, tag);
  }
  void get_closest_nodes_to(const Interaction& interaction, const Hash& target,
                            ReplyHandler& handler, std::uint64_t tag) override;
  void store_segment(const Interaction& interaction, const Segment& segment, ReplyHandler& handler,
                     std::uint64_t tag) override;
  void retrieve_segment(const Interaction& interaction, const Hash& key, ReplyHandler& handler,
                        std::uint64_t tag) override;
  void operation_over(PeerRef origin, std::uint64_t operation) override;
  /// Replies to `asker` touch what `prefetching` knows of.
  void set_prefetching(const ReplyHandler& asker, const Prefetching& prefetching) {
    asker_ = &asker;
    prefetching_ = &prefetching;
  }
  /// How the connection behind knows this one, to which it replies.
  [[nodiscard]] const ReplyHandler& handler() const { return *this; }
  /// Step 0 is the request, those of its asker follow. There is no telling what is called next.
  void prefetch(std::uint64_t tag, unsigned step) const override;
  [[nodiscard]] std::optional<std::uint32_t> likely_next(std::uint64_t) const override {
    return std::nullopt;
  }

 private:
  // A dial is in line for its connection, then dialling, then over. A request is in line for its
  // stream, in line for its negotiation, negotiating, requested, over; steps that nothing limits
  // are left out.
  enum class Phase : std::uint8_t {
    kConnectionSlot,  // in line for its connection
    kDialling,
    kStreamSlot,       // in line for its stream
    kNegotiationSlot,  // in line for its negotiation
    kNegotiating,
    kRequested,
    kOver,  // the handler has been told; something is still under way behind
  };
  struct Request {
    Interaction interaction;
    Segment segment{};  // or the key or target
    ReplyHandler* handler = nullptr;
    std::uint64_t tag = 0;
    GatePass stream{};
    GatePass negotiation{};
    Phase phase = Phase::kOver;
    SimTime dialled{};                // since then
    ResourceId connection{};          // that is dialled
    DialledConnections::UseId use{};  // of a connection, by a dial or a request
    bool holds_stream = false;
    bool holds_negotiation = false;
  };
  // The lowest bits of a tag say which gate it is about.
  enum Slot : std::uint64_t { kStream = 0, kNegotiation = 1, kConnection = 2 };
  static std::uint64_t gate_tag(std::uint32_t index, Slot slot) {
    return (std::uint64_t{index} << 2) | slot;
  }

  std::uint32_t take(const Request& request);
  void send_dial(std::uint32_t index);
  void reply_now(std::uint32_t index, ReplyStatus status);
  void on_connection_gate(std::uint32_t index, GateNews news);
  void on_dial_reply(std::uint32_t index, const Reply& reply);
  void open(const Interaction& interaction, const Segment& segment, ReplyHandler& handler,
            std::uint64_t tag);
  void want_stream(std::uint32_t index);
  void want_negotiation(std::uint32_t index);
  void negotiate(std::uint32_t index);
  void send(std::uint32_t index);
  void tell(std::uint32_t index, ReplyStatus status);
  void leave_gates(Request& request);
  void free(std::uint32_t index) { requests_.give_back(index); }

  void on_gate(std::uint64_t tag, GateNews news) override;
  [[nodiscard]] bool awaits(std::uint64_t tag) const override;
  void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) override;

  Parts parts_;
  SlotPool<Request> requests_;
  const ReplyHandler* asker_ = nullptr;  // on whose behalf prefetching_ speaks
  const Prefetching* prefetching_ = nullptr;
};

}  // namespace kadsim

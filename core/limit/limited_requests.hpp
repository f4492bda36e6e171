#pragma once

#include <cstdint>
#include <optional>

#include "core/base/prefetching.hpp"
#include "core/base/slot_pool.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/limit/dialled_connections.hpp"
#include "core/limit/gate.hpp"
#include "core/wire/connection.hpp"
#include "core/wire/details_under_way.hpp"

namespace kadsim {

/// Requests that take a slot for their stream, then a slot for a negotiation with the remote, and
/// then go on. The way of a request, where both are limited:
///
///     (request)             -> waits for stream
///     waits for stream      -> waits for negotiation   it holds a stream: at once or after a wait
///     waits for negotiation -> negotiating             it holds a slot for that too, likewise
///     negotiating           -> sent                    both ends agree; that slot is given back
///     sent                  -> over                    the reply is there: its handler is told
///
/// Where streams or negotiations are not limited, the states for them are left out. A request may
/// also come to its end in other ways:
///
///     waits for ...     -> refused     the gate has no slot and lets nothing wait
///     refused           -> over        in an event of the same instant: kNoSlot
///     waits for ...     -> over        there was no slot in time, or the stream was revoked while
///                                      the negotiation was in line: kNoSlot
///     waits for ...     -> over        its turn has come, but its handler no longer awaits it, and
///                                      is not told
///     negotiating       -> over        no agreement, or it is no longer awaited: the reply to the
///                                      negotiation
///     negotiating, sent -> abandoned   the stream was revoked: kNoSlot, or kRevoked if it was sent
///     abandoned         -> over        what was under way is back; the handler knows already
///
/// A request uses the connection to its contact, if there is one, from its beginning until its
/// handler is told. By then it holds no slot either. O(1) a call, plus what the gates say.
class LimitedRequests final : public ReplyHandler, public Prefetching, private GateListener {
 public:
  /// Everything referred to outlives it.
  struct Parts {
    NetworkScheduler& scheduler;
    Connection& connection;                  ///< that carries the requests
    Gate* streams = nullptr;                 ///< null: streams are not limited
    Gate* negotiations = nullptr;            ///< null: no negotiation takes place
    DialledConnections* contacts = nullptr;  ///< null: connections are not counted
  };
  explicit LimitedRequests(const Parts& parts) : parts_(parts) {}

  /// `segment` is what is to be stored, with the details of its record if there are any, or has the
  /// key or target that is asked for.
  void request(const Interaction& interaction, const Segment& segment, const RecordDetails* details,
               ReplyHandler& handler, std::uint64_t tag);

  /// Replies to `asker` touch what `prefetching` knows of.
  void set_prefetching(const ReplyHandler& asker, const Prefetching& prefetching) {
    asker_ = &asker;
    prefetching_ = &prefetching;
  }
  /// Step 0 is the request, those of its asker follow. There is no telling what is called next.
  void prefetch(std::uint64_t tag, unsigned step) const override;
  [[nodiscard]] std::optional<std::uint32_t> likely_next(std::uint64_t) const override {
    return std::nullopt;
  }

  // What the connection behind says to this, its asker.
  [[nodiscard]] bool awaits(std::uint64_t tag) const override;
  void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) override;

 private:
  enum class State : std::uint8_t {
    kWaitsForStream,
    kWaitsForNegotiation,
    kNegotiating,
    kSent,
    kRefused,
    kAbandoned,
    kOver,
  };
  struct Request {
    Interaction interaction;
    Segment segment{};
    ReplyHandler* handler = nullptr;
    std::uint64_t tag = 0;
    State state = State::kOver;
    std::optional<GatePass> stream{};       // a slot, or a place in line
    std::optional<GatePass> negotiation{};  // likewise
    DialledConnections::UseId use{};        // of the connection to its contact
  };
  /// What a gate's news is about. The lowest bit of a gate's tag says it, the others the request.
  enum Slot : std::uint64_t { kStream = 0, kNegotiation = 1 };

  void want_stream(std::uint32_t index);
  void want_negotiation(std::uint32_t index);
  void enter(std::uint32_t index, Gate& gate, Slot slot);
  void entered(std::uint32_t index, Slot slot);
  void refuse_soon(std::uint32_t index);
  void negotiate(std::uint32_t index);
  void negotiated(std::uint32_t index, const Reply& reply);
  void send(std::uint32_t index);
  void turn_comes(std::uint32_t index, Slot slot);
  void slot_lost(std::uint32_t index, Slot slot);
  void end(std::uint32_t index, Reply reply);
  void abandon(std::uint32_t index, Reply reply);
  void let_go(Request& request);
  static void leave(Gate* gate, const Request& request, std::optional<GatePass>& pass);
  void free(std::uint32_t index);

  void on_gate(std::uint64_t tag, GateNews news) override;

  Parts parts_;
  SlotPool<Request> requests_;
  DetailsUnderWay details_;              // of records to be stored, by request
  const ReplyHandler* asker_ = nullptr;  // on whose behalf prefetching_ speaks
  const Prefetching* prefetching_ = nullptr;
};

}  // namespace kadsim

#pragma once

#include <cstdint>

#include "core/base/slot_pool.hpp"
#include "core/event/node_scheduler.hpp"
#include "core/limit/dialled_connections.hpp"
#include "core/limit/gate.hpp"
#include "core/wire/connection.hpp"

namespace kadsim {

/// Dials that pass the limit on connections of their node first. A dial goes through these states,
/// and at its end the handler is told what stands behind the colon:
///
///     (dial)   -> waiting    there is no room for a connection, and the wait rule lets it wait
///              -> dialling   there is room, or another dial to the contact is under way
///              -> answered   there is a connection already, or no room and no wait
///     answered -> over       in an event of the same instant: kOk, or kNoSlot
///     waiting  -> dialling   its turn has come
///              -> over       its turn has come, but another operation has connected: kOk
///              -> over       its turn has come, but its handler no longer awaits it: not told
///              -> over       there was no room in time: kNoSlot
///     dialling -> over       the reply is there: that, or kRevoked if it says kOk and the
///                            connection was lost meanwhile
///
/// From the moment that there is a connection, the operation uses it until the handler has been
/// told. The handler sends its request in that very call, which is a use as well; so the connection
/// is not let go between the two. O(1) a call, plus what DialledConnections says.
class LimitedDials final : private ReplyHandler, private GateListener {
 public:
  /// Everything referred to outlives it.
  struct Parts {
    NetworkScheduler& scheduler;
    Connection& connection;  ///< that carries the dials
    DialledConnections& contacts;
  };
  explicit LimitedDials(const Parts& parts) : parts_(parts) {}

  void dial(const Interaction& interaction, ReplyHandler& handler, std::uint64_t tag);

 private:
  enum class State : std::uint8_t { kWaiting, kDialling, kAnswered, kOver };
  struct Dial {
    Interaction interaction;
    ReplyHandler* handler = nullptr;
    std::uint64_t tag = 0;
    State state = State::kOver;
    DialledConnections::UseId use{};  // of the connection, once there is one
    ResourceId connection{};          // that is dialled
    SimTime begun{};                  // dialling, since then
  };

  void use_connection(Dial& dial) { dial.use = parts_.contacts.use_of(dial.interaction); }
  void send(std::uint32_t index);
  void answer_soon(std::uint32_t index, ReplyStatus status);
  void turn_comes(std::uint32_t index);
  void end(std::uint32_t index, const Reply& reply);
  void give_up(std::uint32_t index);
  Dial finish(std::uint32_t index);

  void on_gate(std::uint64_t tag, GateNews news) override;
  [[nodiscard]] bool awaits(std::uint64_t tag) const override;
  void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) override;

  Parts parts_;
  SlotPool<Dial> dials_;
};

}  // namespace kadsim

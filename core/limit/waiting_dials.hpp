#pragma once

#include <cstdint>
#include <map>

#include "core/limit/gate.hpp"
#include "core/resource/resource_ids.hpp"
#include "core/wire/interaction.hpp"

namespace kadsim {

/// A dial that waits for room for its connection, in its manager's line:
///
///     (wait)  -> in line
///     in line -> granted   the manager has room: the connection is held
///             -> refused   the deadline's tick
///     granted -> refused   the connection has ended before the listener has heard of it
///     granted, refused -> over   the listener hears of it, in an event of the same instant
struct WaitingDial {
  enum class State : std::uint8_t { kInLine, kGranted, kRefused };

  Interaction dial;
  GateListener* listener = nullptr;
  std::uint64_t tag = 0;
  State state = State::kInLine;
  ResourceId connection{};  ///< if granted
};

/// The dials of one node that wait, and those whose listeners have not heard yet that the wait is
/// over. O(log dials) a call, and O(dials) where it says so.
class WaitingDials {
 public:
  void add(WaiterId waiter, const Interaction& dial, GateListener& listener, std::uint64_t tag) {
    dials_[waiter.number] = {.dial = dial, .listener = &listener, .tag = tag};
  }
  /// The manager has room, and holds the connection.
  void grant(WaiterId waiter, ResourceId connection) {
    WaitingDial& waiting = dials_.at(waiter.number);
    waiting.state = WaitingDial::State::kGranted;
    waiting.connection = connection;
  }
  /// There was no room in time.
  void refuse(WaiterId waiter) { dials_.at(waiter.number).state = WaitingDial::State::kRefused; }
  /// A connection has ended. Nothing happens if it was granted to none of them. O(dials).
  void lose(ResourceId connection) {
    for (auto& [number, waiting] : dials_) {
      const bool granted = waiting.state == WaitingDial::State::kGranted;
      if (granted && waiting.connection == connection) {
        waiting.state = WaitingDial::State::kRefused;
      }
    }
  }
  /// Its listener is about to hear: it is forgotten here. Pre: it waits.
  WaitingDial take(WaiterId waiter) { return dials_.extract(waiter.number).mapped(); }
  [[nodiscard]] bool empty() const { return dials_.empty(); }
  /// Are there any without a connection? O(dials).
  [[nodiscard]] bool any_without_room() const {
    for (const auto& [number, waiting] : dials_) {
      if (waiting.state != WaitingDial::State::kGranted) return true;
    }
    return false;
  }

 private:
  std::map<std::uint64_t, WaitingDial> dials_;  // by the waiter's number
};

}  // namespace kadsim

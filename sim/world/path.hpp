#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "core/table/peer.hpp"
#include "core/time/time.hpp"
#include "core/wire/interaction.hpp"
#include "sim/world/link_model.hpp"

namespace kadsim {

/// A message between two nodes, as far as its way depends on it.
struct Message {
  PeerRef from{};
  PeerRef to{};
  std::uint32_t bytes = 0;  ///< of the record that it carries, if any
  SimTime sent{};
};

/// The way of messages between nodes: says when a message arrives, or that it does not.
///
/// Loss and delay of an interaction are decided once, when its first message is sent (`fate`); they
/// are drawn by the interaction's key alone, so that neither time nor size ever enters a draw. The
/// request then takes the way out, and the answer the way back (RoundTrip). So far a message takes
/// the same time whatever its size, and does not queue behind others; a transport that changes that
/// changes this type only.
class Path {
 public:
  /// The links outlive the path.
  explicit Path(const LinkModel& links) : links_(links) {}

  /// What becomes of an interaction. A request behind a dial that succeeded meets no error.
  [[nodiscard]] LinkFate fate(const Interaction& interaction) const {
    return interaction.dialled ? LinkFate{LinkError::kNone, links_.round_trip(interaction)}
                               : links_.fate(interaction);
  }
  /// When the first message of an interaction of this fate arrives; none: it does not.
  [[nodiscard]] std::optional<SimTime> request_arrival(const Message& request,
                                                       const LinkFate& fate) const {
    if (fate.error != LinkError::kNone) return std::nullopt;
    return request.sent + fate.round_trip.out();
  }
  /// When the answer to it arrives. Pre: the request did.
  [[nodiscard]] SimTime answer_arrival(const Message& answer, RoundTrip round_trip) const {
    return answer.sent + round_trip.back();
  }
  /// How long after sending a failure is known to the sender, if it waits for so long. Pre: there
  /// is an error.
  [[nodiscard]] Duration failure_delay(const Interaction& interaction, const LinkFate& fate,
                                       Duration patience) const {
    return fate.error == LinkError::kFast ? fate.round_trip.whole()
                                          : links_.slow_error_delay(interaction, patience);
  }
  /// No message takes less than this.
  [[nodiscard]] Duration minimum() const {
    const RoundTrip least = links_.minimum();
    return std::min(least.out(), least.back());
  }

 private:
  const LinkModel& links_;
};

}  // namespace kadsim

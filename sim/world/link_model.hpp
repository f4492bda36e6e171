#pragma once

#include <cstdint>
#include <memory>

#include "core/random/random_stream.hpp"
#include "core/time/time.hpp"
#include "core/wire/interaction.hpp"
#include "sim/world/delay_source.hpp"
#include "sim/world/network_options.hpp"
#include "sim/world/population.hpp"
#include "sim/world/round_trip.hpp"

namespace kadsim {

/// What befalls an interaction on its way.
enum class LinkError : std::uint8_t {
  kNone,
  kFast,         ///< refused
  kSlow,         ///< lost: known when its delay or the RPC timeout is over
  kUnreachable,  ///< the node at the other end never answers; as slow. Or it was absent when the
                 ///< message arrived (Presence): known at the deadline
};

/// What becomes of an interaction, decided when it begins.
struct LinkFate {
  LinkError error = LinkError::kNone;
  /// Of the link, or of a refusal; no matter for other errors.
  RoundTrip round_trip;
};

/// The links between nodes: the draws of delays and errors. Every draw is keyed by the operation,
/// the nodes' birth numbers and the interaction, so it is the same at any time and for every
/// strategy.
class LinkModel {
 public:
  /// `population` outlives the model. Throws InputError if a file of a delay model cannot be used.
  LinkModel(const LinkOptions& options, const Population& population, std::uint64_t seed,
            std::uint32_t replica);

  /// Delay of the link between the two, before any overhead.
  [[nodiscard]] RoundTrip round_trip(const Interaction& interaction) const;
  /// What becomes of a dial, or of a request without one. Fast errors are drawn first, then slow
  /// ones, then whether the remote answers at all.
  [[nodiscard]] LinkFate fate(const Interaction& interaction) const;
  /// When a slow error is known after sending: its delay, at most `timeout`.
  [[nodiscard]] Duration slow_error_delay(const Interaction& interaction, Duration timeout) const;
  /// No round trip of a link is less.
  [[nodiscard]] RoundTrip minimum() const { return delays_->minimum(); }

 private:
  [[nodiscard]] DrawKey key(const Interaction& interaction) const;
  [[nodiscard]] RoundTrip delay_of(const DelaySource& source, const RandomStream& stream,
                                   const Interaction& interaction) const;

  const Population& population_;
  DelayDraw draw_;
  Probability fast_rate_;
  Probability slow_rate_;
  std::unique_ptr<DelaySource> delays_;
  std::unique_ptr<DelaySource> fast_delays_;  // null: the delay of the link
  std::unique_ptr<DelaySource> slow_delays_;  // null: the timeout
  RandomStream delay_stream_;
  RandomStream fast_stream_;
  RandomStream slow_stream_;
  RandomStream fast_delay_stream_;
  RandomStream slow_delay_stream_;
};

}  // namespace kadsim

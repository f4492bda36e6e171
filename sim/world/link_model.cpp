#include "sim/world/link_model.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

// In the place of an interaction's kind: the draw is for the connection, whatever it is used for.
constexpr std::uint64_t kAnyKind = 0xff;

std::uint64_t packed(std::uint32_t from, std::uint64_t kind, std::uint64_t ordinal) {
  return (static_cast<std::uint64_t>(from) << 32) | (kind << 8) | ordinal;
}

std::unique_ptr<DelaySource> optional_source(const ErrorOptions& errors, std::uint64_t seed,
                                             std::uint32_t replica) {
  return errors.delay.has_value() ? make_delay_source(*errors.delay, seed, replica) : nullptr;
}

}  // namespace

LinkModel::LinkModel(const LinkOptions& options, const Population& population, std::uint64_t seed,
                     std::uint32_t replica)
    : population_(population),
      draw_(options.draw),
      fast_rate_(options.fast_errors.rate),
      slow_rate_(options.slow_errors.rate),
      delays_(make_delay_source(options.delay, seed, replica, &population.groups())),
      fast_delays_(optional_source(options.fast_errors, seed, replica)),
      slow_delays_(optional_source(options.slow_errors, seed, replica)),
      delay_stream_(seed, replica, "link.delay"),
      fast_stream_(seed, replica, "link.fast_error"),
      slow_stream_(seed, replica, "link.slow_error"),
      fast_delay_stream_(seed, replica, "link.fast_error.delay"),
      slow_delay_stream_(seed, replica, "link.slow_error.delay") {}

DrawKey LinkModel::key(const Interaction& interaction) const {
  return {interaction.operation, population_.birth(interaction.to),
          packed(population_.birth(interaction.from), static_cast<std::uint64_t>(interaction.kind),
                 interaction.ordinal)};
}

RoundTrip LinkModel::delay_of(const DelaySource& source, const RandomStream& stream,
                              const Interaction& interaction) const {
  return source.delay(population_.birth(interaction.from), population_.birth(interaction.to),
                      stream.bits(key(interaction)));
}

RoundTrip LinkModel::round_trip(const Interaction& interaction) const {
  const std::uint32_t from = population_.birth(interaction.from);
  const std::uint32_t to = population_.birth(interaction.to);
  DrawKey draw;
  switch (draw_) {
    case DelayDraw::kPair:
      draw = {std::min(from, to), std::max(from, to), 0};
      break;
    case DelayDraw::kConnection:
      draw = {interaction.operation, to, packed(from, kAnyKind, interaction.ordinal)};
      break;
    case DelayDraw::kInteraction:
      draw = key(interaction);
      break;
  }
  return delays_->delay(from, to, delay_stream_.bits(draw));
}

LinkFate LinkModel::fate(const Interaction& interaction) const {
  if (!fast_rate_.never() && fast_rate_.happens(fast_stream_.bits(key(interaction)))) {
    return {LinkError::kFast, fast_delays_ == nullptr
                                  ? round_trip(interaction)
                                  : delay_of(*fast_delays_, fast_delay_stream_, interaction)};
  }
  if (!slow_rate_.never() && slow_rate_.happens(slow_stream_.bits(key(interaction)))) {
    return {LinkError::kSlow, {}};
  }
  if (!population_.reachable(interaction.to)) return {LinkError::kUnreachable, {}};
  return {LinkError::kNone, round_trip(interaction)};
}

Duration LinkModel::slow_error_delay(const Interaction& interaction, Duration timeout) const {
  if (slow_delays_ == nullptr) return timeout;
  return std::min(timeout, delay_of(*slow_delays_, slow_delay_stream_, interaction).whole());
}

}  // namespace kadsim

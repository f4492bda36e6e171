#pragma once

#include <cstdint>
#include <memory>

#include "core/random/random_stream.hpp"
#include "sim/world/network_options.hpp"
#include "sim/world/node_groups.hpp"
#include "sim/world/round_trip.hpp"

namespace kadsim {

/// Delays of one model between nodes, by their birth numbers. A pure function of seed, nodes and
/// `bits`.
class DelaySource {
 public:
  virtual ~DelaySource() = default;
  /// `bits`: 64 uniform bits for what the delay is drawn for. At least 2 ns: a message takes at
  /// least 1.
  [[nodiscard]] virtual RoundTrip delay(std::uint32_t from, std::uint32_t to,
                                        std::uint64_t bits) const = 0;
  /// No delay between any two nodes is less; some may be equal.
  [[nodiscard]] virtual RoundTrip minimum() const = 0;
};

/// Reads the files that the model names. Throws InputError. The stream `network.places` of this
/// seed and replica places nodes on rows and in regions; but a group with a region of its own is
/// there. `groups`, if given, outlives the source. Pre: their regions are regions of the model.
std::unique_ptr<DelaySource> make_delay_source(const DelayModel& model, std::uint64_t seed,
                                               std::uint32_t replica,
                                               const NodeGroups* groups = nullptr);

}  // namespace kadsim

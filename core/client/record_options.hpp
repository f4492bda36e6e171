#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/assert.hpp"
#include "core/table/peer.hpp"
#include "core/time/time.hpp"
#include "core/wire/record.hpp"
#include "core/wire/record_details.hpp"

namespace kadsim {

/// What the user of a client may say of a record that it stores, besides its size and version.
struct RecordOptions {
  /// The value itself, as many bytes as the record says; empty: only its size matters.
  std::vector<std::uint8_t> value{};
  /// How long the record is held, at all its holders, counted from the call that stores it; > 0.
  /// None: for ever.
  std::optional<Duration> lifetime{};
  PeerRef provider{};  ///< kNoPeer: not said

  /// The details of a record that the options describe, if it is stored from `now` on.
  [[nodiscard]] RecordDetails details_of(const Segment& segment, SimTime now) const {
    KADSIM_ASSERT(value.empty() || value.size() == segment.bytes,
                  "a value has as many bytes as its record says");
    KADSIM_ASSERT(!lifetime.has_value() || *lifetime > Duration(), "a lifetime is positive");
    RecordDetails details{.stored_at = now, .provider = provider};
    if (!value.empty()) {
      details.value = std::make_shared<const std::vector<std::uint8_t>>(value);
    }
    if (lifetime.has_value()) details.expires_at = now + *lifetime;
    return details;
  }
};

}  // namespace kadsim

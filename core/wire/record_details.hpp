#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/table/peer.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// What a record may carry besides its size and its version. Most records carry nothing: so these
/// never stand in a `Record` or a `Segment`, but beside them, and a null pointer to them says that
/// there are none. Copies are cheap: they share the value.
///
/// A record is held up to and including the instant `expires_at`, and is gone a nanosecond later.
/// Source: go-libp2p-kad-dht, where a record is too old once its age is greater than its lifetime.
struct RecordDetails {
  /// The value itself, as many bytes as the record says; null: only its size is known.
  std::shared_ptr<const std::vector<std::uint8_t>> value{};
  SimTime stored_at{};  ///< when its holder stored it; written by each holder for itself
  SimTime expires_at = SimTime::max();  ///< max: never
  PeerRef provider{};                   ///< which node provides it; kNoPeer: not said

  /// The first instant at which the record is held no more; max: it is held for ever.
  [[nodiscard]] SimTime gone_at() const {
    return expires_at == SimTime::max() ? expires_at : expires_at + Duration::nanoseconds(1);
  }
  [[nodiscard]] bool is_gone(SimTime now) const { return now > expires_at; }
};

/// How details that may be missing are handed on: a null pointer if they are.
inline const RecordDetails* or_null(const std::optional<RecordDetails>& details) {
  return details.has_value() ? &*details : nullptr;
}

}  // namespace kadsim

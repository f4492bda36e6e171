#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/base/wide.hpp"
#include "core/resource/go_libp2p/limits.hpp"

namespace kadsim::go_libp2p {

/// How urgent a reservation of memory is: it is granted while no more than (1 + priority) / 256 of
/// a limit would be taken, so that the last part is left to what matters. Any number from 0 to 255
/// will do; these have names.
enum class MemoryPriority : std::uint8_t { kLow = 101, kMedium = 152, kHigh = 203, kAlways = 255 };

/// The share of a limit, in 256ths, that it may fill.
[[nodiscard]] constexpr std::uint32_t share_of(MemoryPriority priority) {
  return std::uint32_t{1} + static_cast<std::uint32_t>(priority);
}

/// Whether `amount` more fits beside `used`: used + amount <= floor(limit * share / 256), exactly.
/// Under kUnlimited any share is the whole, and only what can't be counted does not fit. Pre: all
/// are >= 0, share is from 1 to 256.
[[nodiscard]] constexpr bool fits(std::int64_t used, std::int64_t amount, std::int64_t limit,
                                  std::uint32_t share = 256) {
  const SignedWide room =
      limit == kUnlimited ? SignedWide{limit} : SignedWide{limit} * std::int64_t{share} / 256;
  return SignedWide{used} + amount <= room;
}

/// Why a call on a ScopeManager did nothing.
struct ScopeRefusal {
  enum class Reason : std::uint8_t {
    kLimitExceeded,   ///< temporary: it may fit later
    kScopeClosed,     ///< the scope has ended, or what it was within
    kNegativeMemory,  ///< less than nothing was asked for
    kAlreadySet,      ///< peer, protocol and service are set once
    kNoProtocol,      ///< a service is set after the protocol
  };
  Reason reason = Reason::kLimitExceeded;
  std::string scope{};  ///< the scope that had no room: "peer:QmA"; else the one that was asked

  // Of kLimitExceeded.
  Kind kind = Kind::kMemory;
  std::int64_t current = 0;    ///< used there
  std::int64_t attempted = 0;  ///< asked for
  std::int64_t limit = 0;      ///< of the scope, whatever share of it was allowed
  MemoryPriority priority = MemoryPriority::kAlways;  ///< of kMemory

  [[nodiscard]] bool temporary() const { return reason == Reason::kLimitExceeded; }
  /// "peer:QmA: ConnsInbound: limit exceeded (8 used, 1 more asked for, limit 8)"
  [[nodiscard]] std::string text() const;
};

/// None: it is done.
using Outcome = std::optional<ScopeRefusal>;

}  // namespace kadsim::go_libp2p

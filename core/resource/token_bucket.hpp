#pragma once

#include <cstdint>
#include <optional>

#include "core/base/wide.hpp"
#include "core/resource/resource_class.hpp"
#include "core/time/time.hpp"

namespace kadsim {

/// A token bucket on virtual time: `rate` units a second flow in, up to `burst`; it starts full.
/// Exact, as a unit a second is a billionth of a unit a nanosecond: levels are counted in those.
/// Owns no timer: its level is computed when asked. Times never go back.
class TokenBucket {
 public:
  TokenBucket() = default;
  /// Pre: rate >= 0, burst >= 0.
  TokenBucket(Units rate, Units burst, SimTime now);

  [[nodiscard]] Units rate() const { return rate_; }
  [[nodiscard]] Units burst() const { return burst_; }
  /// Whole units that could be taken now.
  [[nodiscard]] Units available(SimTime now) const;
  /// Pre: units <= available(now).
  void take(Units units, SimTime now);
  /// When so many units will be there if nothing is taken before; none if never, or only beyond the
  /// range of virtual time.
  [[nodiscard]] std::optional<SimTime> time_of(Units units, SimTime now) const;
  /// The bucket keeps the units that are in it, up to the new burst.
  void change(Units rate, Units burst, SimTime now);

 private:
  [[nodiscard]] Wide level(SimTime now) const;  // in billionths of a unit

  Units rate_ = 0;
  Units burst_ = 0;
  Wide level_ = 0;  // at `since_`
  SimTime since_;
};

}  // namespace kadsim

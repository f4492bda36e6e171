#include "core/resource/token_bucket.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {
namespace {

constexpr Wide kPerUnit = 1'000'000'000;

Wide scaled(Units units) { return static_cast<Wide>(units) * kPerUnit; }

}  // namespace

TokenBucket::TokenBucket(Units rate, Units burst, SimTime now)
    : rate_(rate), burst_(burst), level_(scaled(burst)), since_(now) {
  KADSIM_ASSERT(rate >= 0 && burst >= 0, "a token bucket of negative size");
}

Wide TokenBucket::level(SimTime now) const {
  // At most 2^63 * 10^9 + 2^63 * 2^63 < 2^128.
  const auto passed = static_cast<Wide>((now - since_).ns());
  return std::min(scaled(burst_), level_ + static_cast<Wide>(rate_) * passed);
}

Units TokenBucket::available(SimTime now) const {
  return static_cast<Units>(level(now) / kPerUnit);
}

void TokenBucket::take(Units units, SimTime now) {
  const Wide now_there = level(now);
  KADSIM_ASSERT(scaled(units) <= now_there, "a token bucket gives what it does not have");
  level_ = now_there - scaled(units);
  since_ = now;
}

std::optional<SimTime> TokenBucket::time_of(Units units, SimTime now) const {
  const Wide there = level(now);
  if (scaled(units) <= there) return now;
  if (units > burst_ || rate_ == 0) return std::nullopt;
  const auto rate = static_cast<Wide>(rate_);
  const Wide wait = (scaled(units) - there + rate - 1) / rate;
  if (wait > static_cast<Wide>((SimTime::max() - now).ns())) return std::nullopt;
  return now + Duration::nanoseconds(static_cast<std::int64_t>(wait));
}

void TokenBucket::change(Units rate, Units burst, SimTime now) {
  level_ = std::min(level(now), scaled(burst));
  since_ = now;
  rate_ = rate;
  burst_ = burst;
}

}  // namespace kadsim

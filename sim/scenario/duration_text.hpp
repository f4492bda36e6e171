#pragma once

#include <string>
#include <string_view>

#include "core/time/time.hpp"
#include "sim/scenario/number_text.hpp"

namespace kadsim {

/// A duration as scenarios write it: a decimal number and one of the units ns, us, ms, s, m, h, as
/// in "50ms" or "0.5 s". Not negative, and a whole number of nanoseconds.
[[nodiscard]] Reading<Duration> read_duration(std::string_view text);

/// In the greatest unit of which it is a whole number: "50ms", "1500us", "1m", "0s". Not negative.
[[nodiscard]] std::string format_duration(Duration duration);

/// What read_duration accepts, as a regular expression of JSON Schema.
inline constexpr std::string_view kDurationPattern = R"(^[0-9]+(\.[0-9]+)? ?(ns|us|ms|s|m|h)$)";

}  // namespace kadsim

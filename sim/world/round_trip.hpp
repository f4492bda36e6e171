#pragma once

#include <compare>

#include "core/time/time.hpp"

namespace kadsim {

/// The delay of a link as it is drawn: out to a node and back. This is the one place that knows its
/// halves: the way out takes half of it, rounded down, the way back the rest.
class RoundTrip {
 public:
  constexpr RoundTrip() = default;
  explicit constexpr RoundTrip(Duration whole) : whole_(whole) {}

  [[nodiscard]] constexpr Duration whole() const { return whole_; }
  [[nodiscard]] constexpr Duration out() const { return whole_ / 2; }
  [[nodiscard]] constexpr Duration back() const { return whole_ - out(); }

  constexpr auto operator<=>(const RoundTrip&) const = default;

 private:
  Duration whole_;
};

}  // namespace kadsim

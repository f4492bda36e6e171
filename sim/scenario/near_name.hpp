#pragma once

#include <span>
#include <string>
#include <string_view>

namespace kadsim {

/// The name that `word` was probably meant to be, the first of equally near ones; empty if none is
/// near. Nearness is the number of letters to insert, drop, replace or swap with their neighbour
/// (optimal string alignment), case left aside; at most a third of the longer word, but one at
/// least.
[[nodiscard]] std::string_view nearest_name(std::string_view word,
                                            std::span<const std::string_view> names);

/// A line of advice, `did you mean "alpha"?` after a line break; empty if no name is near.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       std::span<const std::string_view> names);

}  // namespace kadsim

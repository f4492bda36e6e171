#pragma once

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace kadsim {

/// The number that the whole of `text` spells, as std::from_chars reads it: no blanks, no '+', the
/// same in every locale. None for any other text, and for a number that `Number` cannot hold.
template <class Number>
[[nodiscard]] std::optional<Number> parse_number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace kadsim

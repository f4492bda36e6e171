#pragma once

#include <cstddef>
#include <string_view>

namespace kadsim {

/// The length in bytes, 1 to 4, of the well-formed UTF-8 character that starts at text[at]; 0 if
/// none starts there: for a stray or missing continuation byte, an overlong form, a surrogate, or a
/// value beyond U+10FFFF. `at` < text.size(). O(1).
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t at);

/// The offset of the first byte that belongs to no well-formed character; npos if all do. O(n).
[[nodiscard]] std::size_t find_ill_formed_utf8(std::string_view text);

}  // namespace kadsim

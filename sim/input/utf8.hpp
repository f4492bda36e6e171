#pragma once

#include <cstddef>
#include <string_view>

namespace kadsim {

/// Bytes of the well-formed UTF-8 character that starts at text[at] (1 to 4), or 0 if the bytes
/// there are none: a stray or missing continuation byte, an overlong form, a surrogate, a value
/// beyond U+10FFFF. `at` < text.size(). O(1).
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t at);

/// Offset of the first byte that belongs to no well-formed character; npos if there is none. O(n).
[[nodiscard]] std::size_t find_ill_formed_utf8(std::string_view text);

}  // namespace kadsim

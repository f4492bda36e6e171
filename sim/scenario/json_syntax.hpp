#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"

namespace kadsim {

/// What a JSON parser was waiting for when it gave up.
enum class Awaited : std::uint8_t {
  kDocument,        ///< the one value that makes a text
  kNothing,         ///< the end of the text, after that value
  kKeyOrBrace,      ///< after '{'
  kColon,           ///< after a key
  kCommaOrBrace,    ///< after a member of an object
  kItemOrBracket,   ///< after '['
  kCommaOrBracket,  ///< after an item of a list
};

/// Says in words why a text is not JSON: what stands there, and what would be right. The text is
/// valid up to byte `at`, where `awaited` was due; `opener` is the '{' or '[' that is still open
/// there. O(size of the token at fault).
[[nodiscard]] Problem explain_syntax_error(const SourceText& source, std::size_t at,
                                           Awaited awaited, std::optional<std::size_t> opener);

}  // namespace kadsim

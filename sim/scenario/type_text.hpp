#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/scenario/fields.hpp"

namespace kadsim {

/// What a value may be, in words fit to stand behind "want": `a whole number from 1 to 1000`. Error
/// messages and the reference use the same words.
[[nodiscard]] std::string type_text(const FieldValue& value);

/// `"a", "b" or "c"`.
[[nodiscard]] std::string quoted_names(std::span<const Named> names);

[[nodiscard]] std::vector<std::string_view> names_only(std::span<const Named> names);

}  // namespace kadsim

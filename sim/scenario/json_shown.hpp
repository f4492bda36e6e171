#pragma once

#include <string>

#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// A value as a message quotes it, short and safe to print: `"1 MB"`, `-3`, `null`, `an empty
/// list`, `an object`.
[[nodiscard]] std::string shown(const JsonValue& json);

}  // namespace kadsim

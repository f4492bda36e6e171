#pragma once

#include <string>

namespace kadsim {

/// JSON Schema (draft 2020-12) of scenario files, for editors: every key with its type, range,
/// default and help. It accepts every scenario that decodes without errors, but for numbers written
/// with more digits than a validator keeps; what holds between fields it can't say.
[[nodiscard]] std::string scenario_schema();

}  // namespace kadsim

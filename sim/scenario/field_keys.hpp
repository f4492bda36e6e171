#pragma once

#include <string_view>
#include <vector>

#include "sim/scenario/fields.hpp"

namespace kadsim {

/// A key that stands beside a tag only for some of its alternatives.
struct OwnedKey {
  std::string_view key;
  std::string_view alternative;  ///< that has it
};

/// All keys of all alternatives, in their order: once for each alternative that has it. Selects
/// each in turn and in the end the one that was selected before, which so gets its defaults.
[[nodiscard]] std::vector<OwnedKey> keys_of(const Alternatives& alternatives);

}  // namespace kadsim

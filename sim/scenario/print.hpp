#pragma once

#include <set>
#include <string>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/json_document.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// The effective scenario as JSON: every key, in the order of the descriptions, indented by two
/// spaces, a line break at the end. Of an object that varies another only what differs stands
/// there. Decoding it gives the same scenario, and printing that the same bytes; paths of data
/// files stand as they were written.
[[nodiscard]] std::string print_scenario(const Scenario& scenario);

/// A scenario as it was given, in the same layout, but for what stands at the paths `without`.
[[nodiscard]] std::string print_tree(const JsonValue& value, const std::set<std::string>& without,
                                     const std::string& path = {}, std::size_t indent = 0);

/// One value as JSON, its further lines indented by `indent` spaces. Does not change it.
[[nodiscard]] std::string print_value(const FieldValue& value, std::size_t indent = 0);

}  // namespace kadsim

#pragma once

#include <string_view>

#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"
#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// Applies one `--set PATH=VALUE` to the tree of a scenario.
///
/// PATH is keys and indices joined by '.', as in `client.k` or `workload.0.count`; objects on the
/// way that are missing or null are made, lists are not made or lengthened. VALUE is JSON if it can
/// be read as JSON and a text otherwise. It replaces what stood there. What it means is for the
/// decoder to judge, which finds its place in `operand`.
void apply_override(JsonValue& root, const SourceText& operand, Problems& problems);

/// Puts `value` where `path` leads, in the same way. `path` stands at `place`; what is made on the
/// way stands there too.
void set_value(JsonValue& root, std::string_view path, Place place, JsonValue value,
               Problems& problems);

}  // namespace kadsim

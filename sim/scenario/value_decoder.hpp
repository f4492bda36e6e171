#pragma once

#include <string>

#include "sim/scenario/decode_context.hpp"
#include "sim/scenario/fields.hpp"
#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// Assigns `json` to `value`, or reports why it can't be; what can't be assigned keeps its default.
void decode_value(DecodeContext& context, const JsonValue& json, const std::string& path,
                  const FieldValue& value);

/// The same for a key that is not given, in an object at `place`: fills in the defaults of the
/// objects in it and checks their rules; missing keys in them are reported at `place`.
void decode_absent(DecodeContext& context, Place place, const std::string& path,
                   const FieldValue& value);

}  // namespace kadsim

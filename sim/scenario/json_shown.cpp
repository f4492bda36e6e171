#include "sim/scenario/json_shown.hpp"

#include <fmt/format.h>

namespace kadsim {

std::string shown(const JsonValue& json) {
  switch (json.kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBoolean:
      return json.boolean ? "true" : "false";
    case JsonKind::kNumber:
      return printable(json.text);
    case JsonKind::kText:
      return fmt::format("\"{}\"", printable(json.text));
    case JsonKind::kList:
      return json.children.empty() ? "an empty list" : "a list";
    case JsonKind::kObject:
      return json.children.empty() ? "an empty object" : "an object";
  }
  return {};
}

}  // namespace kadsim

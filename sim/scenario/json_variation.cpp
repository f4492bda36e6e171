#include "sim/scenario/json_variation.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

JsonValue inherited(JsonValue value) {
  value.inherited = true;
  for (JsonValue& child : value.children) child = inherited(std::move(child));
  return value;
}

bool are_objects(const JsonValue& one, const JsonValue& other) {
  return one.kind == JsonKind::kObject && other.kind == JsonKind::kObject;
}

}  // namespace

JsonValue varied(const JsonValue& other, JsonValue own) {
  for (const JsonValue& member : other.children) {
    const auto same = std::ranges::find(own.children, member.key, &JsonValue::key);
    if (same == own.children.end()) {
      own.children.push_back(inherited(member));
    } else if (are_objects(member, *same)) {
      *same = varied(member, std::move(*same));
    }
  }
  return own;
}

JsonValue difference(const JsonValue& other, JsonValue own) {
  std::erase_if(own.children, [&other](JsonValue& member) {
    const JsonValue* const same = other.find(member.key);
    if (same == nullptr) return false;
    if (format_json(*same) == format_json(member)) return true;
    if (are_objects(*same, member)) member = difference(*same, std::move(member));
    return false;
  });
  return own;
}

}  // namespace kadsim

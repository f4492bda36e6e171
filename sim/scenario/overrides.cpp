#include "sim/scenario/overrides.hpp"

#include "sim/input/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kadsim {
namespace {

// JSON, or else a text; none, and a problem, if it is neither.
std::optional<JsonValue> read_value(const SourceText& operand, std::size_t begin,
                                    Problems& problems) {
  JsonDocument document = parse_json(operand, begin);
  if (document.root) {
    for (Problem& duplicate : document.problems) problems.add(std::move(duplicate));
    return std::move(document.root);
  }
  const std::string_view text = operand.text().substr(begin);
  if (const auto fault = find_ill_formed_utf8(text); fault != std::string_view::npos) {
    problems.add({&operand, begin + fault}, "this value is not UTF-8");
    return std::nullopt;
  }
  JsonValue value;
  value.kind = JsonKind::kText;
  value.text = text;
  value.place = {&operand, begin};
  return value;
}

/// Walks to the value that a path leads to, one step a call.
class Walk {
 public:
  Walk(JsonValue& root, Problems& problems) : at_(&root), problems_(problems) {}

  /// False, and a problem, if there is no such way.
  bool step(std::string_view name, Place place) {
    const bool taken = at_->kind == JsonKind::kList ? into_list(name, place) : into(name, place);
    path_ += fmt::format("{}{}", path_.empty() ? "" : ".", name);
    return taken;
  }

  [[nodiscard]] JsonValue& target() const { return *at_; }

 private:
  bool into_list(std::string_view name, Place place) {
    const std::size_t size = at_->children.size();
    std::size_t index = size;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
    if (error != std::errc() || end != name.data() + name.size() || index >= size) {
      return fail(place,
                  fmt::format("a list of {}, which has no item \"{}\"", size, printable(name)),
                  size == 0 ? std::string() : fmt::format("want a number from 0 to {}", size - 1));
    }
    at_ = &at_->children[index];
    return true;
  }

  bool into(std::string_view name, Place place) {
    if (at_->kind == JsonKind::kNull) {
      at_->kind = JsonKind::kObject;
      at_->place = place;
    }
    if (at_->kind != JsonKind::kObject) return fail(place, "neither an object nor a list", {});
    const auto member = std::ranges::find(at_->children, name, &JsonValue::key);
    if (member != at_->children.end()) {
      at_ = &*member;
      return true;
    }
    JsonValue& made = at_->children.emplace_back();
    made.key = name;
    made.key_place = place;
    made.place = place;
    at_ = &made;
    return true;
  }

  bool fail(Place place, std::string_view what, std::string advice) {
    problems_.add(
        place,
        fmt::format("{} is {}", path_.empty() ? "the scenario" : printable(path_, 100), what),
        std::move(advice));
    return false;
  }

  JsonValue* at_;
  Problems& problems_;
  std::string path_;
};

}  // namespace

void apply_override(JsonValue& root, const SourceText& operand, Problems& problems) {
  const std::string_view text = operand.text();
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) {
    return problems.add({&operand, text.size()}, "there is no '='", "want PATH=VALUE");
  }
  auto value = read_value(operand, equals + 1, problems);
  if (!value) return;

  set_value(root, text.substr(0, equals), {&operand, 0}, std::move(*value), problems);
}

void set_value(JsonValue& root, std::string_view path, Place place, JsonValue value,
               Problems& problems) {
  const auto at = [&](std::size_t begin) { return Place{place.source, place.offset + begin}; };
  std::vector<std::string_view> steps;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find('.', begin), path.size());
    if (begin == end) {
      return problems.add(at(begin), "the path has an empty part",
                          "want keys and indices joined by '.', as in client.k=10");
    }
    steps.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  Walk walk(root, problems);
  for (const std::string_view step : steps) {
    if (!walk.step(step, at(static_cast<std::size_t>(step.data() - path.data())))) return;
  }
  JsonValue& target = walk.target();
  value.key = std::move(target.key);
  value.key_place = target.key_place;
  target = std::move(value);
}

}  // namespace kadsim

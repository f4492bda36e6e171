#include "sim/scenario/json_document.hpp"

#include "sim/scenario/json_syntax.hpp"
#include "sim/scenario/json_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

namespace kadsim {
namespace {

/// Builds the tree from nlohmann's events; false from any of them ends the parse.
class TreeBuilder final : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(const SourceText& source, std::size_t begin)
      : source_(source), cursor_(source.text(), begin) {}

  bool null() override { return word(JsonKind::kNull, "null", false); }
  bool boolean(bool truth) override {
    return word(JsonKind::kBoolean, truth ? "true" : "false", truth);
  }
  bool number_integer(number_integer_t /*value*/) override { return number(); }
  bool number_unsigned(number_unsigned_t /*value*/) override { return number(); }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override {
    return number();
  }
  bool string(string_t& text) override {
    JsonValue value = next_value(JsonKind::kText);
    value.text = std::move(text);
    return place(std::move(value));
  }
  bool binary(binary_t& /*bytes*/) override { return false; }

  bool start_object(std::size_t /*size*/) override { return open(JsonKind::kObject); }
  bool start_array(std::size_t /*size*/) override { return open(JsonKind::kList); }
  bool end_object() override {
    report_duplicates();
    return close();
  }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    key_ = std::move(name);
    key_place_ = {&source_, cursor_.next().begin};
    awaits_colon_ = true;
    return true;
  }

  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return false;
  }

  JsonDocument finish(bool is_json) && {
    // nlohmann takes a NUL byte for the end of the text.
    is_json = is_json && skip_blank(source_.text(), cursor_.position()) == source_.text().size();
    if (is_json) return {std::move(root_), std::move(problems_)};
    if (!refusal_) {
      const auto opener = open_.empty() ? std::nullopt : std::optional(open_.back().place.offset);
      refusal_ = explain_syntax_error(source_, cursor_.position(), awaited(), opener);
    }
    return {std::nullopt, {std::move(*refusal_)}};
  }

 private:
  JsonValue next_value(JsonKind kind) {
    token_ = cursor_.next();
    awaits_colon_ = false;
    JsonValue value;
    value.kind = kind;
    value.place = {&source_, token_.begin};
    value.key = std::exchange(key_, {});
    value.key_place = std::exchange(key_place_, {});
    return value;
  }

  bool number() {
    JsonValue value = next_value(JsonKind::kNumber);
    value.text = source_.text().substr(token_.begin, token_.size);
    return is_number(value.text) ? place(std::move(value)) : refuse_word();
  }

  bool word(JsonKind kind, std::string_view spelling, bool boolean) {
    JsonValue value = next_value(kind);
    value.boolean = boolean;
    return token_.size == spelling.size() ? place(std::move(value)) : refuse_word();
  }

  bool open(JsonKind kind) {
    open_.push_back(next_value(kind));
    return open_.size() <= kJsonMaxDepth ||
           refuse(open_.back().place,
                  fmt::format("more than {} lists and objects within each other", kJsonMaxDepth));
  }

  bool close() {
    cursor_.next();
    JsonValue value = std::move(open_.back());
    open_.pop_back();
    return place(std::move(value));
  }

  bool place(JsonValue value) {
    if (++values_ > kJsonMaxValues) {
      return refuse(value.place, fmt::format("more than {} values", kJsonMaxValues));
    }
    if (open_.empty()) {
      root_ = std::move(value);
    } else {
      open_.back().children.push_back(std::move(value));
    }
    return true;
  }

  bool refuse(Place place, std::string message) {
    refusal_ = Problem{place, std::move(message), {}, {}};
    return false;
  }

  // The parser takes 01 for two tokens, the cursor for one: it is no good either way.
  bool refuse_word() {
    refusal_ = explain_syntax_error(source_, token_.begin, Awaited::kDocument, std::nullopt);
    return false;
  }

  void report_duplicates() {
    std::vector<const JsonValue*> members;
    for (const JsonValue& member : open_.back().children) members.push_back(&member);
    std::ranges::stable_sort(
        members, {}, [](const JsonValue* member) -> const std::string& { return member->key; });
    const JsonValue* first = nullptr;
    for (const JsonValue* member : members) {
      if (first == nullptr || member->key != first->key) {
        first = member;
        continue;
      }
      problems_.push_back({member->key_place,
                           fmt::format("duplicate key \"{}\"", printable(member->key)), "",
                           first->key_place});
    }
  }

  [[nodiscard]] Awaited awaited() const {
    if (root_) return Awaited::kNothing;
    if (open_.empty()) return Awaited::kDocument;
    if (awaits_colon_) return Awaited::kColon;
    const bool object = open_.back().kind == JsonKind::kObject;
    if (open_.back().children.empty()) {
      return object ? Awaited::kKeyOrBrace : Awaited::kItemOrBracket;
    }
    return object ? Awaited::kCommaOrBrace : Awaited::kCommaOrBracket;
  }

  const SourceText& source_;
  TokenCursor cursor_;
  TokenCursor::Token token_;     // of the latest value
  std::vector<JsonValue> open_;  // objects and lists that are not closed yet, outermost first
  std::optional<JsonValue> root_;
  std::string key_;  // of the value to come
  Place key_place_;
  bool awaits_colon_ = false;
  std::size_t values_ = 0;
  std::vector<Problem> problems_;
  std::optional<Problem> refusal_;  // of a text that may be JSON but is not for us
};

}  // namespace

const JsonValue* JsonValue::find(std::string_view name) const {
  if (kind != JsonKind::kObject) return nullptr;
  const auto at = std::ranges::find(children, name, &JsonValue::key);
  return at == children.end() ? nullptr : &*at;
}

const JsonValue& JsonValue::innermost(std::string_view path) const {
  const JsonValue* at = this;
  while (!path.empty()) {
    const std::string_view step = path.substr(0, path.find('.'));
    path.remove_prefix(std::min(step.size() + 1, path.size()));
    const JsonValue* next = at->find(step);
    if (at->kind == JsonKind::kList) {
      std::size_t index = at->children.size();
      std::from_chars(step.data(), step.data() + step.size(), index);
      if (index < at->children.size()) next = &at->children[index];
    }
    if (next == nullptr) break;
    at = next;
  }
  return *at;
}

JsonDocument parse_json(const SourceText& source, std::size_t begin) {
  TreeBuilder builder(source, begin);
  const std::string_view text = source.text().substr(begin);
  const char* end = text.data() + text.size();
  // The parser would skip a byte order mark, out of step with the builder's cursor.
  const bool marked = text.starts_with("\xEF\xBB\xBF");
  const bool is_json = !marked && nlohmann::json::sax_parse(GrammarIterator(text.data(), end),
                                                            GrammarIterator(end, end), &builder);
  return std::move(builder).finish(is_json);
}

std::string format_json(const JsonValue& value) {
  switch (value.kind) {
    case JsonKind::kNull:
      return "null";
    case JsonKind::kBoolean:
      return value.boolean ? "true" : "false";
    case JsonKind::kNumber:
      return value.text;
    case JsonKind::kText:
      return quote_json(value.text);
    case JsonKind::kList:
    case JsonKind::kObject:
      break;
  }
  const bool object = value.kind == JsonKind::kObject;
  std::string text(1, object ? '{' : '[');
  for (const JsonValue& child : value.children) {
    if (text.size() > 1) text += ", ";
    if (object) text += quote_json(child.key) + ": ";
    text += format_json(child);
  }
  return text + (object ? '}' : ']');
}

std::string quote_json(std::string_view text) {
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  return nlohmann::json(std::string(text)).dump(-1, ' ', false, kReplace);
}

}  // namespace kadsim

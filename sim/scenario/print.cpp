#include "sim/scenario/print.hpp"

#include "sim/scenario/decode_context.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/duration_text.hpp"
#include "sim/scenario/json_document.hpp"
#include "sim/scenario/json_variation.hpp"
#include "sim/scenario/number_text.hpp"
#include "sim/scenario/shapes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace kadsim {
namespace {

constexpr std::size_t kIndent = 2;
constexpr std::size_t kWidth = 80;  // of a list that stands in one line

/// Collects the members of one object.
class ObjectPrinter final : public Fields {
 public:
  explicit ObjectPrinter(std::size_t indent) : indent_(indent) {}

  void add(std::string_view key, const FieldValue& value, std::string_view /*help*/,
           const Default& /*otherwise*/) override {
    members_.push_back(
        fmt::format("{}: {}", quote_json(key), print_value(value, indent_ + kIndent)));
  }

  void tagged(std::string_view key, const Alternatives& alternatives, std::string_view /*help*/,
              const Default& /*otherwise*/) override {
    const Named& selected = alternatives.names[alternatives.selected];
    members_.push_back(fmt::format("{}: {}", quote_json(key), quote_json(selected.name)));
    alternatives.describe(*this);
  }

  void one_of(const Alternatives& alternatives) override { alternatives.describe(*this); }
  void rule(const std::function<void(Rules&)>& /*rule*/) override {}

  [[nodiscard]] std::string text() const {
    if (members_.empty()) return "{}";
    const std::string margin(indent_ + kIndent, ' ');
    return fmt::format("{{\n{}{}\n{}}}", margin, fmt::join(members_, ",\n" + margin),
                       std::string(indent_, ' '));
  }

 private:
  std::size_t indent_;
  std::vector<std::string> members_;
};

class ValuePrinter final : public ValueVisitor {
 public:
  explicit ValuePrinter(std::size_t indent) : indent_(indent) {}

  std::string text_;

  void boolean(bool& value) override { text_ = value ? "true" : "false"; }
  void integer(std::uint64_t& value, const IntegerRange& /*range*/) override {
    text_ = std::to_string(value);
  }
  void real(double& value, const RealRange& /*range*/) override { text_ = format_real(value); }
  void text(std::string& value, TextKind /*kind*/) override { text_ = quote_json(value); }
  void duration(Duration& value, const DurationRange& /*range*/) override {
    text_ = quote_json(format_duration(value));
  }
  void rate(Probability& value) override { text_ = format_rate(value); }
  void choice(std::size_t& index, std::span<const Named> names) override {
    text_ = quote_json(names[index].name);
  }
  void optional(bool& given, const FieldValue& inner) override {
    if (given) {
      inner(*this);
    } else {
      text_ = "null";
    }
  }

  // In one line if its items are lines and all fit.
  void list(const ListAccess& list) override {
    std::vector<std::string> items;
    std::size_t width = 0;
    for (std::size_t i = 0; i < list.size; ++i) {
      items.push_back(print_value(list.at(i), indent_ + kIndent));
      const bool is_line = items.back().find('\n') == std::string::npos;
      width += is_line ? items.back().size() + 2 : kWidth + 1;
    }
    if (width <= kWidth) {
      text_ = fmt::format("[{}]", fmt::join(items, ", "));
      return;
    }
    const std::string margin(indent_ + kIndent, ' ');
    text_ = fmt::format("[\n{}{}\n{}]", margin, fmt::join(items, ",\n" + margin),
                        std::string(indent_, ' '));
  }

  void object(const std::function<void(Fields&)>& describe) override {
    ObjectPrinter fields(indent_);
    describe(fields);
    text_ = fields.text();
  }

  void settings(std::vector<Setting>& settings, SettingKind kind) override {
    const std::string margin(indent_ + kIndent, ' ');
    for (const Setting& setting : settings) {
      text_ += text_.empty() ? "{\n" : ",\n";
      const std::string values = fmt::format("{}", fmt::join(setting.values, ", "));
      text_ += margin + quote_json(setting.key) +
               (kind == SettingKind::kValue ? ": " + values : ": [" + values + "]");
    }
    text_ = text_.empty() ? "{}" : fmt::format("{}\n{}}}", text_, std::string(indent_, ' '));
  }

  void word_or_object(const Alternatives& alternatives) override {
    if (alternatives.selected < alternatives.words) {
      text_ = quote_json(alternatives.names[alternatives.selected].name);
    } else {
      object(alternatives.describe);
    }
  }

  void variation(const Variation& variation) override {
    if (!variation.given) {
      text_ = "{}";
      return;
    }
    const std::string other = print_value(variation.other);
    const std::string own = print_value(variation.own);
    const auto tree = [](const SourceText& source) { return *parse_json(source).root; };
    text_ =
        print_tree(difference(tree(SourceText::file({}, other)), tree(SourceText::file({}, own))),
                   {}, {}, indent_);
  }

 private:
  std::size_t indent_;
};

}  // namespace

std::string print_value(const FieldValue& value, std::size_t indent) {
  ValuePrinter printer(indent);
  value(printer);
  return std::move(printer.text_);
}

std::string print_tree(const JsonValue& value, const std::set<std::string>& without,
                       const std::string& path, std::size_t indent) {
  const bool object = value.kind == JsonKind::kObject;
  std::vector<std::string> items;
  std::size_t width = 0;
  for (std::size_t i = 0; i < value.children.size(); ++i) {
    const JsonValue& child = value.children[i];
    const std::string at = join_path(path, object ? child.key : std::to_string(i));
    if (without.contains(at)) continue;
    items.push_back((object ? quote_json(child.key) + ": " : "") +
                    print_tree(child, without, at, indent + kIndent));
    const bool is_line = items.back().find('\n') == std::string::npos;
    width += is_line ? items.back().size() + 2 : kWidth + 1;
  }
  if (!object && value.kind != JsonKind::kList) return format_json(value);
  const std::string_view brackets = object ? "{}" : "[]";
  if (items.empty()) return std::string(brackets);
  if (!object && width <= kWidth) return fmt::format("[{}]", fmt::join(items, ", "));
  const std::string margin(indent + kIndent, ' ');
  return fmt::format("{}\n{}{}\n{}{}", brackets[0], margin, fmt::join(items, ",\n" + margin),
                     std::string(indent, ' '), brackets[1]);
}

std::string print_scenario(const Scenario& scenario) {
  Scenario copy = scenario;  // values are handed out for reading and writing alike
  return print_value(shape::object(copy)) + "\n";
}

}  // namespace kadsim

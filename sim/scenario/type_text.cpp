#include "sim/scenario/type_text.hpp"

#include "sim/scenario/duration_text.hpp"
#include "sim/scenario/number_text.hpp"

#include <fmt/format.h>

#include <limits>

namespace kadsim {
namespace {

class TypeText final : public ValueVisitor {
 public:
  std::string words;

  void boolean(bool& /*value*/) override { words = "true or false"; }

  void integer(std::uint64_t& /*value*/, const IntegerRange& range) override {
    words = range.min == range.max
                ? fmt::format("the number {}", range.min)
                : fmt::format("a whole number from {} to {}", range.min, range.max);
  }

  void real(double& /*value*/, const RealRange& range) override {
    words = fmt::format("a number {} {} {} {}", range.min_excluded ? "above" : "from",
                        format_real(range.min), range.min_excluded ? "and up to" : "to",
                        format_real(range.max));
  }

  void text(std::string& /*value*/, TextKind kind) override {
    switch (kind) {
      case TextKind::kFree:
        words = "a text";
        break;
      case TextKind::kName:
        words = "a name of 1 to 64 letters, digits, '-', '_' or '.'";
        break;
      case TextKind::kFile:
        words = "the path of a file, relative to the scenario's folder";
        break;
    }
  }

  void duration(Duration& /*value*/, const DurationRange& range) override {
    words = fmt::format("a duration from {} to {}, such as \"50ms\"", format_duration(range.min),
                        format_duration(range.max));
  }

  void rate(Probability& /*value*/) override {
    words = "a number from 0 to 1 with at most 18 decimals";
  }

  void choice(std::size_t& /*index*/, std::span<const Named> names) override {
    words = quoted_names(names);
  }

  void optional(bool& /*given*/, const FieldValue& inner) override {
    inner(*this);
    words += ", or null";
  }

  void list(const ListAccess& list) override {
    words = list.min_size == 0 ? "a list"
                               : fmt::format("a list of at least {} item{}", list.min_size,
                                             list.min_size == 1 ? "" : "s");
  }

  void object(const std::function<void(Fields&)>& /*describe*/) override { words = "an object"; }

  void settings(std::vector<Setting>& /*settings*/, SettingKind kind) override {
    words = kind == SettingKind::kValue
                ? "an object of keys such as \"client.k\", each with its value"
                : "an object of keys such as \"client.k\", each with a list "
                  "of values";
  }

  void word_or_object(const Alternatives& alternatives) override {
    std::vector<std::string> forms;
    for (std::size_t i = 0; i < alternatives.names.size(); ++i) {
      const std::string_view name = alternatives.names[i].name;
      forms.push_back(i < alternatives.words ? fmt::format("\"{}\"", name)
                                             : fmt::format("{{\"{}\": ...}}", name));
    }
    words = fmt::format("{}", fmt::join(forms, " or "));
  }

  void variation(const Variation& variation) override {
    words = fmt::format("an object of keys of {}", variation.of);
  }
};

}  // namespace

std::string type_text(const FieldValue& value) {
  TypeText type;
  value(type);
  return type.words;
}

std::string quoted_names(std::span<const Named> names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += fmt::format("\"{}\"", names[i].name);
  }
  return text;
}

std::vector<std::string_view> names_only(std::span<const Named> names) {
  std::vector<std::string_view> only;
  for (const Named& named : names) only.push_back(named.name);
  return only;
}

}  // namespace kadsim

#include "sim/scenario/value_decoder.hpp"

#include "sim/scenario/duration_text.hpp"
#include "sim/scenario/json_shown.hpp"
#include "sim/scenario/json_variation.hpp"
#include "sim/scenario/near_name.hpp"
#include "sim/scenario/number_text.hpp"
#include "sim/scenario/object_decoder.hpp"
#include "sim/scenario/scenario.hpp"
#include "sim/scenario/type_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace kadsim {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

// Why `path` can't be a data file of a scenario in `folder`; empty if it may be one; whether
// its content is good is seen when it is read.
std::string file_fault(const std::filesystem::path& folder, const std::string& path) {
  if (path.empty() || path.find('\0') != std::string::npos) return "is not a path";
  const auto full = (folder / path).lexically_normal();
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::status(full, error))) return {};
  return fmt::format("can't be read: {}: {}", printable(full.string(), 1000), error.message());
}

class ValueDecoder final : public ValueVisitor {
 public:
  ValueDecoder(DecodeContext& context, const JsonValue& json, const std::string& path,
               const FieldValue& value)
      : context_(context), json_(json), path_(path), value_(value) {}

  void boolean(bool& value) override {
    if (is(JsonKind::kBoolean, "true or false")) value = json_.boolean;
  }

  void integer(std::uint64_t& value, const IntegerRange& range) override {
    if (is(JsonKind::kNumber, "a number")) {
      take(value, read_whole(json_.text, range.min, range.max));
    }
  }

  void real(double& value, const RealRange& range) override {
    if (!is(JsonKind::kNumber, "a number")) return;
    auto reading = read_real(json_.text);
    const bool below = reading.value && (range.min_excluded ? *reading.value <= range.min
                                                            : *reading.value < range.min);
    if (below || (reading.value && *reading.value > range.max)) {
      reading = Reading<double>::failed("is out of range");
    }
    take(value, reading);
  }

  void text(std::string& value, TextKind kind) override {
    if (!is(JsonKind::kText, "a text")) return;
    if (kind == TextKind::kName && !is_name(json_.text)) return wrong("is not a name");
    if (kind == TextKind::kFile) {
      if (const auto fault = file_fault(context_.folder(), json_.text); !fault.empty()) {
        return wrong(fault);
      }
    }
    value = json_.text;
  }

  void duration(Duration& value, const DurationRange& range) override {
    if (!is(JsonKind::kText, "a duration in double quotes")) return;
    auto reading = read_duration(json_.text);
    if (reading.value && (*reading.value < range.min || *reading.value > range.max)) {
      reading = Reading<Duration>::failed("is out of range");
    }
    take(value, reading);
  }

  void rate(Probability& value) override {
    if (is(JsonKind::kNumber, "a number")) take(value, read_rate(json_.text));
  }

  void choice(std::size_t& index, std::span<const Named> names) override {
    if (!is(JsonKind::kText, "a text")) return;
    const auto at = std::ranges::find(names, json_.text, &Named::name);
    if (at == names.end()) {
      return wrong("is not known here", did_you_mean(json_.text, names_only(names)));
    }
    index = static_cast<std::size_t>(at - names.begin());
  }

  void optional(bool& given, const FieldValue& inner) override {
    given = json_.kind != JsonKind::kNull;
    if (given) inner(*this);
  }

  void list(const ListAccess& list) override {
    if (!is(JsonKind::kList, "a list")) return;
    const std::size_t size = json_.children.size();
    if (size < list.min_size) return wrong("is too short");
    list.resize(size);
    for (std::size_t i = 0; i < size; ++i) {
      decode_value(context_, json_.children[i], join_path(path_, std::to_string(i)), list.at(i));
    }
  }

  void object(const std::function<void(Fields&)>& describe) override {
    if (!is(JsonKind::kObject, "an object")) return;
    ObjectDecoder fields(context_, json_, path_);
    describe(fields);
    fields.report_unknown_keys();
  }

  void settings(std::vector<Setting>& settings, SettingKind kind) override {
    if (!is(JsonKind::kObject, "an object")) return;
    for (const JsonValue& member : json_.children) {
      Setting setting{member.key, {}};
      if (kind == SettingKind::kValue) {
        setting.values.push_back(format_json(member));
      } else if (!read_values(member, setting.values)) {
        continue;
      }
      settings.push_back(std::move(setting));
    }
  }

  void word_or_object(const Alternatives& alternatives) override {
    const auto words = alternatives.names.first(alternatives.words);
    if (json_.kind == JsonKind::kText) {
      const auto at = std::ranges::find(words, json_.text, &Named::name);
      if (at == words.end()) {
        return wrong("is not known here", did_you_mean(json_.text, names_only(words)));
      }
      return alternatives.select(static_cast<std::size_t>(at - words.begin()));
    }
    if (!is(JsonKind::kObject, "a text or an object")) return;
    if (json_.children.empty()) return wrong("is not enough");
    const auto select_object = [&](std::size_t index) {
      alternatives.select(index + words.size());
    };
    ObjectDecoder fields(context_, json_, path_);
    fields.one_of(
        {alternatives.names.subspan(words.size()), 0, select_object, alternatives.describe});
    fields.report_unknown_keys();
  }

  void variation(const Variation& variation) override {
    if (!is(JsonKind::kObject, "an object")) return;
    JsonValue own = json_;
    std::erase_if(own.children, [&](const JsonValue& member) {
      const auto fixed = std::ranges::find(variation.fixed, member.key, &Named::name);
      if (fixed == variation.fixed.end()) return false;
      context_.report(member.key_place, join_path(path_, member.key), fixed->help,
                      fmt::format("want it in {} only", variation.of));
      return true;
    });
    if (own.children.empty()) return;
    variation.give(true);
    const JsonValue* const other = context_.scenario()->find(variation.of);
    if (other != nullptr && other->kind == JsonKind::kObject) {
      // What is wrong with the other object is told first, of where it stands.
      context_.vary(path_, variation.of);
      decode_value(context_, *other, std::string(variation.of), variation.own);
      variation.give(true);
      own = varied(*other, std::move(own));
    }
    decode_value(context_, own, path_, variation.own);
  }

 private:
  // The values of one key of a sweep; false, and a problem, if that is no list of different ones.
  bool read_values(const JsonValue& list, std::vector<std::string>& values) {
    const std::string path = join_path(path_, list.key);
    const std::string advice = "want a list of at least 1 value";
    if (list.kind != JsonKind::kList || list.children.empty()) {
      const std::string_view fault =
          list.kind == JsonKind::kList ? "is too short" : "is not a list";
      context_.report(list.place, path, fmt::format("{} {}", shown(list), fault), advice);
      return false;
    }
    if (list.children.size() > kMaxRuns) {
      context_.report(list.place, path, fmt::format("{} is too long", shown(list)),
                      fmt::format("want at most {} values", kMaxRuns));
      return false;
    }
    bool sound = true;
    for (const JsonValue& value : list.children) {
      std::string text = format_json(value);
      const auto same = std::ranges::find(values, text);
      if (same != values.end()) {
        context_.report(value.place, path, fmt::format("{} stands there twice", shown(value)),
                        "want each value once");
        sound = false;
      }
      values.push_back(std::move(text));
    }
    return sound;
  }

  bool is(JsonKind kind, std::string_view noun) {
    if (json_.kind == kind) return true;
    wrong(fmt::format("is not {}", noun));
    return false;
  }

  template <class T>
  void take(T& value, const Reading<T>& reading) {
    if (reading.value) {
      value = *reading.value;
    } else {
      wrong(reading.fault);
    }
  }

  void wrong(std::string_view fault, const std::string& more_advice = {}) {
    context_.report(json_.place, path_, fmt::format("{} {}", shown(json_), fault),
                    "want " + type_text(value_) + more_advice);
  }

  DecodeContext& context_;
  const JsonValue& json_;
  const std::string& path_;
  const FieldValue& value_;  // as a whole, for its type: the visitor may be within an optional
};

/// Goes where keys stand that are not given: only objects have something to do there.
class AbsentDecoder final : public ValueVisitor {
 public:
  AbsentDecoder(DecodeContext& context, const JsonValue& empty_object, const std::string& path)
      : context_(context), json_(empty_object), path_(path) {}

  void boolean(bool& /*value*/) override {}
  void integer(std::uint64_t& /*value*/, const IntegerRange& /*range*/) override {}
  void real(double& /*value*/, const RealRange& /*range*/) override {}
  void text(std::string& /*value*/, TextKind /*kind*/) override {}
  void duration(Duration& /*value*/, const DurationRange& /*range*/) override {}
  void rate(Probability& /*value*/) override {}
  void choice(std::size_t& /*index*/, std::span<const Named> /*names*/) override {}
  void optional(bool& /*given*/, const FieldValue& /*inner*/) override {}
  void list(const ListAccess& /*list*/) override {}
  void settings(std::vector<Setting>& /*settings*/, SettingKind /*kind*/) override {}
  void word_or_object(const Alternatives& /*alternatives*/) override {}
  void variation(const Variation& /*variation*/) override {}
  void object(const std::function<void(Fields&)>& describe) override {
    ObjectDecoder fields(context_, json_, path_);
    describe(fields);
  }

 private:
  DecodeContext& context_;
  const JsonValue& json_;
  const std::string& path_;
};

}  // namespace

void decode_value(DecodeContext& context, const JsonValue& json, const std::string& path,
                  const FieldValue& value) {
  ValueDecoder decoder(context, json, path, value);
  value(decoder);
}

void decode_absent(DecodeContext& context, Place place, const std::string& path,
                   const FieldValue& value) {
  JsonValue empty;
  empty.kind = JsonKind::kObject;
  empty.place = place;
  AbsentDecoder decoder(context, empty, path);
  value(decoder);
}

}  // namespace kadsim

#include "sim/scenario/limit_file.hpp"

#include "core/base/input_error.hpp"
#include "sim/input/source_text.hpp"
#include "sim/input/text_file.hpp"
#include "sim/scenario/json_shown.hpp"
#include "sim/scenario/near_name.hpp"
#include "sim/scenario/number_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace kadsim {
namespace {

using go_libp2p::Kind;
using go_libp2p::PartialLimitConfig;
using go_libp2p::PartialLimits;

constexpr std::string_view kLimitAdvice =
    "want \"default\", \"unlimited\", \"blockAll\" or a whole number from 0 to "
    "9223372036854775807";

struct Word {
  std::string_view name;
  std::optional<std::int64_t> limit;
};
constexpr std::array<Word, 3> kWords = {
    {{"default", std::nullopt}, {"unlimited", kUnlimited}, {"blockAll", go_libp2p::kBlockAll}}};
constexpr std::array<std::string_view, 3> kWordNames = {"default", "unlimited", "blockAll"};

bool same_but_for_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::vector<std::string_view> section_names() {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < go_libp2p::kSectionCount; ++i) {
    names.push_back(name_of(static_cast<go_libp2p::Section>(i)));
  }
  for (std::size_t i = 0; i < go_libp2p::kNamedSectionCount; ++i) {
    names.push_back(name_of(static_cast<go_libp2p::NamedSection>(i)));
  }
  return names;
}

std::vector<std::string_view> kind_names() {
  std::vector<std::string_view> names;
  for (const Kind kind : go_libp2p::kKinds) names.push_back(name_of(kind));
  return names;
}

class LimitDecoder {
 public:
  explicit LimitDecoder(Problems& problems) : problems_(problems) {}

  PartialLimitConfig config(const JsonValue& json) {
    PartialLimitConfig config;
    members(json, {}, section_names(),
            [&](std::size_t i, const JsonValue& member, const std::string& path) {
              if (i < go_libp2p::kSectionCount) {
                config.sections[i] = limits(member, path);
              } else {
                by_name(config.named[i - go_libp2p::kSectionCount], member, path);
              }
            });
    return config;
  }

 private:
  using Take = std::function<void(std::size_t, const JsonValue&, const std::string&)>;

  // Hands each member of an object to `take`, with the number of its key among `names`.
  void members(const JsonValue& json, const std::string& path,
               std::span<const std::string_view> names, const Take& take) {
    if (!is_object(json, path)) return;
    std::vector<const JsonValue*> taken(names.size());
    for (const JsonValue& member : json.children) {
      const std::string inner = joined(path, member.key);
      const auto at = std::ranges::find_if(
          names, [&](std::string_view name) { return same_but_for_case(name, member.key); });
      if (at == names.end()) {
        problems_.add(member.key_place, inner + ": unknown key",
                      fmt::format("want one of {}", fmt::join(names, ", ")) +
                          did_you_mean(member.key, names));
        continue;
      }
      const auto i = static_cast<std::size_t>(at - names.begin());
      const JsonValue* earlier = std::exchange(taken[i], &member);
      // The same key twice was found with the syntax.
      if (earlier != nullptr && earlier->key != member.key) {
        problems_.add({member.key_place, inner + ": duplicate key", "", earlier->key_place});
      }
      take(i, member, inner);
    }
  }

  void by_name(PartialLimitConfig::ByName& entries, const JsonValue& json,
               const std::string& path) {
    if (!is_object(json, path)) return;
    for (const JsonValue& member : json.children) {
      entries[member.key] = limits(member, joined(path, member.key));
    }
  }

  PartialLimits limits(const JsonValue& json, const std::string& path) {
    PartialLimits limits;
    const auto take = [&](std::size_t i, const JsonValue& member, const std::string& at) {
      limits[go_libp2p::kKinds[i]] = limit(member, at, go_libp2p::kKinds[i]);
    };
    members(json, path, kind_names(), take);
    return limits;
  }

  std::optional<std::int64_t> limit(const JsonValue& json, const std::string& path, Kind kind) {
    if (json.kind == JsonKind::kNumber) return number(json, path);
    const auto word = std::ranges::find(kWords, json.text, &Word::name);
    if (json.kind == JsonKind::kText && word != kWords.end()) return word->limit;
    const bool digits = json.kind == JsonKind::kText && is_digits(json.text);
    if (digits && kind == Kind::kMemory) return number(json, path);
    if (digits) {
      problems_.add(json.place, fmt::format("{}: {} is not a number", path, shown(json)),
                    "want it without quotes, which only the number of Memory has");
    } else {
      problems_.add(json.place, fmt::format("{}: {} is not a limit", path, shown(json)),
                    std::string(kLimitAdvice) + did_you_mean(json.text, kWordNames));
    }
    return std::nullopt;
  }

  std::optional<std::int64_t> number(const JsonValue& json, const std::string& path) {
    const auto reading = read_whole(json.text, 0, kUnlimited);
    if (reading.value) return static_cast<std::int64_t>(*reading.value);
    problems_.add(json.place, fmt::format("{}: {} {}", path, shown(json), reading.fault),
                  std::string(kLimitAdvice));
    return std::nullopt;
  }

  bool is_object(const JsonValue& json, const std::string& path) {
    if (json.kind == JsonKind::kObject) return true;
    const std::string opening = path.empty() ? "" : path + ": ";
    problems_.add(json.place, opening + shown(json) + " is not an object", "want an object");
    return false;
  }

  static std::string joined(const std::string& path, std::string_view key) {
    return path.empty() ? printable(key) : path + "." + printable(key, 100);
  }

  Problems& problems_;
};

}  // namespace

PartialLimitConfig decode_limits(const JsonValue& json, Problems& problems) {
  return LimitDecoder(problems).config(json);
}

PartialLimitConfig parse_limits(std::string_view text, const std::string& file_name) {
  const SourceText source = SourceText::file(file_name, without_byte_order_mark(text));
  JsonDocument document = parse_json(source);
  Problems problems;
  for (Problem& problem : document.problems) problems.add(std::move(problem));
  PartialLimitConfig config;
  if (document.root) config = decode_limits(*document.root, problems);
  if (!problems.empty()) throw InputError(problems.report());
  return config;
}

PartialLimitConfig read_limit_file(const std::string& path) {
  return parse_limits(read_text_file(path), path);
}

}  // namespace kadsim

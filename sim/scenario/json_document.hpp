#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"

namespace kadsim {

enum class JsonKind : std::uint8_t { kNull, kBoolean, kNumber, kText, kList, kObject };

/// A JSON value that knows where it stands.
struct JsonValue {
  JsonKind kind = JsonKind::kNull;
  bool boolean = false;             ///< of a kBoolean
  std::string text;                 ///< of a kText, decoded; of a kNumber, as written: "1.50"
  std::vector<JsonValue> children;  ///< of a kList or kObject, in the order of the text
  Place place;                      ///< its first byte
  bool inherited = false;           ///< it stands in the object that this one varies

  std::string key;  ///< its name, if it is the member of an object
  Place key_place;

  /// The member of that name, the first if it stands there twice; null if there is none or this is
  /// no object. O(members).
  [[nodiscard]] const JsonValue* find(std::string_view name) const;

  /// The value at `path` within this one, keys and indices joined by '.', or the innermost one on
  /// the way there that exists.
  [[nodiscard]] const JsonValue& innermost(std::string_view path) const;
};

/// What came of reading a text: the tree, and what is wrong with it.
struct JsonDocument {
  std::optional<JsonValue> root;  ///< none if the text is not JSON
  std::vector<Problem> problems;  ///< one syntax error, or a root and its duplicate keys
};

/// Reads the text of `source` from byte `begin` to its end. Nothing in a text can make it throw or
/// recurse deeply; O(n log n) in the worst case, of many keys in one object.
///
/// nlohmann's parser decides what is JSON and decodes texts. Beyond the standard (RFC 8259), more
/// than kJsonMaxDepth levels or kJsonMaxValues values are refused. Numbers may be of any size and
/// precision. The source is borrowed by every place.
[[nodiscard]] JsonDocument parse_json(const SourceText& source, std::size_t begin = 0);

inline constexpr std::size_t kJsonMaxDepth = 64;
inline constexpr std::size_t kJsonMaxValues = 1'000'000;

/// A value as JSON in one line: `{"rate": 0.2, "names": ["a", "b"]}`. Numbers stand as written.
[[nodiscard]] std::string format_json(const JsonValue& value);

/// `text` as a JSON string with its quotes. What is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string quote_json(std::string_view text);

}  // namespace kadsim

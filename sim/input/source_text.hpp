#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kadsim {

/// A text that errors point into: the scenario file, a data file, or the operand of one `--set`.
///
/// Offsets are bytes from the start of the text; size() stands for its end. Lines and columns count
/// from 1. Columns count characters as an editor does: a tab is one, and so is any UTF-8 character.
/// Both are computed when they are asked for, in O(offset). The text is borrowed and must outlive
/// this object; it need not be UTF-8.
class SourceText {
 public:
  /// The text of a file. Its errors begin with `name:line:column`, the name made safe to print.
  static SourceText file(std::string_view name, std::string_view text);
  /// The operand of a `--set`. Its errors begin with `--set` and the operand. `number` is the count
  /// of overrides that were given before it.
  static SourceText override_operand(std::string_view operand, std::size_t number);

  /// The same text under the same name, as the source of values that are applied after `overrides`
  /// overrides: its errors are sorted behind those of the overrides.
  [[nodiscard]] SourceText applied_after(std::size_t overrides) const;

  struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
    bool operator==(const Position&) const = default;
  };
  [[nodiscard]] Position position(std::size_t offset) const;

  /// How an error at `offset` begins: `net.json:3:7`, or `--set client.k=0`.
  [[nodiscard]] std::string heading(std::size_t offset) const;

  /// The line that contains `offset` and, below it, a caret under its column, each indented by two
  /// spaces. A long line is cut to a window around the column; characters that cannot be printed
  /// are replaced.
  [[nodiscard]] std::string excerpt(std::size_t offset) const;

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool is_file() const { return is_file_; }
  /// The first sort key of errors: 0 for the file, then the overrides in the order in which they
  /// were given, then what is applied after them.
  [[nodiscard]] std::size_t order() const { return order_; }

 private:
  SourceText(std::string name, std::string_view text, std::size_t order, bool is_file)
      : name_(std::move(name)), text_(text), order_(order), is_file_(is_file) {}

  std::string name_;
  std::string_view text_;
  std::size_t order_;
  bool is_file_;
};

/// A place in a text. The source is borrowed; null is no place.
struct Place {
  const SourceText* source = nullptr;
  std::size_t offset = 0;
};

/// `text` made safe to print: control characters and bytes that are not UTF-8 are replaced, and all
/// behind the first `limit` characters is replaced by "...".
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 40);

}  // namespace kadsim

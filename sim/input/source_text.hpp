#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace kadsim {

/// A text that errors point into: the scenario file, a data file, or the operand of one `--set`.
///
/// Offsets are bytes from the start of the text; size() stands for its end. Lines and columns count
/// from 1, columns in characters as an editor shows them: a tab is one, so is any UTF-8 character.
/// They are found when asked for, in O(offset). The text is borrowed and must outlive this object;
/// it need not be UTF-8.
class SourceText {
 public:
  /// A file, whose errors open with `name:line:column`, the name made safe to print.
  static SourceText file(std::string_view name, std::string_view text);
  /// The operand of a `--set`, whose errors open with `--set` and the operand. `number` is how many
  /// overrides were given before it.
  static SourceText override_operand(std::string_view operand, std::size_t number);

  /// The same text under the same name, for what is applied after all of the overrides so far: its
  /// errors are sorted behind theirs, and what it replaces is older.
  [[nodiscard]] SourceText applied_after(std::size_t overrides) const;

  struct Position {
    std::size_t line = 1;
    std::size_t column = 1;
    bool operator==(const Position&) const = default;
  };
  [[nodiscard]] Position position(std::size_t offset) const;

  /// How an error at `offset` opens: `net.json:3:7`, or `--set client.k=0`.
  [[nodiscard]] std::string heading(std::size_t offset) const;

  /// The line of `offset` and, below it, a caret under its column, each indented by two spaces. A
  /// long line is cut to a window around the column; what can't be printed is replaced.
  [[nodiscard]] std::string excerpt(std::size_t offset) const;

  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] bool is_file() const { return is_file_; }
  /// Errors are sorted by this first: the file is 0, overrides follow as given, then what is
  /// applied after them.
  [[nodiscard]] std::size_t order() const { return order_; }

 private:
  SourceText(std::string name, std::string_view text, std::size_t order, bool is_file)
      : name_(std::move(name)), text_(text), order_(order), is_file_(is_file) {}

  std::string name_;
  std::string_view text_;
  std::size_t order_;
  bool is_file_;
};

/// Where something stands. The source is borrowed.
struct Place {
  const SourceText* source = nullptr;
  std::size_t offset = 0;
};

/// `text` in at most about `limit` characters, cut with "..." and safe to print: bytes that are
/// not UTF-8 and control characters are replaced.
[[nodiscard]] std::string printable(std::string_view text, std::size_t limit = 40);

}  // namespace kadsim

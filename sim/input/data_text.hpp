#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"

namespace kadsim {

/// `text` without the blanks around it: spaces, tabs, and the end of a line from Windows.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// A data file while it is read line by line: its text, and what is wrong with it.
///
/// A reader notes all that it finds wrong and goes on; at the end `throw_if_wrong` reports it in
/// the way of a scenario's errors. Parts of the text, and so places in it, are views into `text()`.
class DataText {
 public:
  /// Throws UnreadableError, as read_text_file does.
  explicit DataText(const std::string& path);
  DataText(const DataText&) = delete;
  DataText& operator=(const DataText&) = delete;

  [[nodiscard]] std::string_view text() const { return source_.text(); }
  /// The empty view behind the last byte: where to point if something is missing.
  [[nodiscard]] std::string_view end() const { return text().substr(text().size()); }
  /// The next line that is not blank, without its end; none after the last.
  [[nodiscard]] std::optional<std::string_view> next_line();

  /// Something is wrong where `part`, a view into the text, begins.
  void wrong(std::string_view part, std::string message, std::string advice);
  [[nodiscard]] bool sound() const { return problems_.empty(); }
  /// Throws InputError with all that is wrong, if anything is.
  void throw_if_wrong() const;

 private:
  std::string content_;
  SourceText source_;
  Problems problems_;
  std::size_t next_ = 0;  // where the next line begins
};

}  // namespace kadsim

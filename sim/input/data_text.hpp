#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"

namespace kadsim {

/// `text` without spaces, tabs and carriage returns at either end.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// A data file that is read line by line: its text, and the problems found in it.
///
/// A reader notes every problem and goes on; at the end `throw_if_wrong` reports all of them in the
/// form of a scenario's errors. A place in the text is given by a view into `text()` that begins
/// there.
class DataText {
 public:
  /// Reads the file. Throws UnreadableError, as `read_text_file` does.
  explicit DataText(const std::string& path);
  DataText(const DataText&) = delete;
  DataText& operator=(const DataText&) = delete;

  [[nodiscard]] std::string_view text() const { return source_.text(); }
  /// The empty view behind the last byte: the place of a problem if something is missing.
  [[nodiscard]] std::string_view end() const { return text().substr(text().size()); }
  /// The next line that is not blank, without its newline; none after the last.
  [[nodiscard]] std::optional<std::string_view> next_line();

  /// Notes a problem at the place where `part`, a view into the text, begins.
  void wrong(std::string_view part, std::string message, std::string advice);
  [[nodiscard]] bool sound() const { return problems_.empty(); }
  /// Throws InputError with all problems if there are any.
  void throw_if_wrong() const;

 private:
  std::string content_;
  SourceText source_;
  Problems problems_;
  std::size_t next_ = 0;  // where the next line begins
};

}  // namespace kadsim

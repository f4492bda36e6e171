#include "sim/input/source_text.hpp"

#include "sim/input/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

constexpr std::size_t kWindowBefore = 48;  // characters of a line shown on either side of a column
constexpr std::size_t kWindowAfter = 36;
constexpr std::size_t kShownOfName = 1000;
constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool starts_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

// Appends the character at `at`, or a replacement if it cannot be printed. Returns the offset of
// the next character.
std::size_t append_printable(std::string& out, std::string_view text, std::size_t at) {
  const std::size_t length = utf8_length(text, at);
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == '\t') {
    out += ' ';
  } else if (length == 0 || byte < 0x20 || byte == 0x7F) {
    out += kReplacement;
  } else {
    out += text.substr(at, length);
  }
  return at + std::max<std::size_t>(length, 1);
}

std::size_t line_begin(std::string_view text, std::size_t offset) {
  if (offset == 0) return 0;
  const auto newline = text.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

std::size_t line_end(std::string_view text, std::size_t offset) {
  const auto newline = std::min(text.find('\n', offset), text.size());
  return newline > offset && text[newline - 1] == '\r' ? newline - 1 : newline;
}

}  // namespace

SourceText SourceText::file(std::string_view name, std::string_view text) {
  return SourceText(printable(name, kShownOfName), text, 0, true);
}

SourceText SourceText::override_operand(std::string_view operand, std::size_t number) {
  return SourceText("--set " + printable(operand, 100), operand, number + 1, false);
}

SourceText SourceText::applied_after(std::size_t overrides) const {
  SourceText later = *this;
  later.order_ = overrides + 1;
  return later;
}

SourceText::Position SourceText::position(std::size_t offset) const {
  const std::string_view before = text_.substr(0, offset);
  const std::string_view line = before.substr(line_begin(text_, offset));
  return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
          1 + static_cast<std::size_t>(std::count_if(line.begin(), line.end(), starts_character))};
}

std::string SourceText::heading(std::size_t offset) const {
  if (!is_file()) return name_;
  const auto [line, column] = position(offset);
  return fmt::format("{}:{}:{}", name_, line, column);
}

std::string SourceText::excerpt(std::size_t offset) const {
  const std::size_t begin = line_begin(text_, offset);
  const std::size_t end = line_end(text_, offset);
  std::size_t from = offset;
  for (std::size_t shown = 0; from > begin && shown < kWindowBefore; ++shown) {
    do --from;
    while (from > begin && !starts_character(text_[from]));
  }

  std::string line = from > begin ? "..." : "";
  std::size_t width = line.size();
  std::size_t at = from;
  while (at < offset) {
    at = append_printable(line, text_, at);
    ++width;
  }
  for (std::size_t shown = 0; at < end && shown < kWindowAfter; ++shown) {
    at = append_printable(line, text_, at);
  }
  if (at < end) line += "...";
  return fmt::format("  {}\n  {}^\n", line, std::string(width, ' '));
}

std::string printable(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t at = 0;
  for (std::size_t shown = 0; at < text.size() && shown < limit; ++shown) {
    at = append_printable(out, text, at);
  }
  if (at < text.size()) out += "...";
  return out;
}

}  // namespace kadsim

#include "sim/scenario/json_syntax.hpp"

#include "sim/input/utf8.hpp"
#include "sim/scenario/json_tokens.hpp"
#include "sim/scenario/near_name.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>

namespace kadsim {
namespace {

constexpr std::string_view kAnyValue =
    "want a value: a number, a text in double quotes, true, false, null, '{' or '['";

/// Looks for the fault in a text that is known to have one.
class Explainer {
 public:
  Explainer(const SourceText& source, std::optional<std::size_t> opener)
      : source_(source), text_(source.text()), opener_(opener) {}

  Problem explain(std::size_t at, Awaited awaited) const {
    at = skip_blank(text_, at);
    const char next = at < text_.size() ? text_[at] : '\0';
    const std::size_t behind = skip_blank(text_, std::min(at + 1, text_.size()));
    switch (awaited) {
      case Awaited::kNothing:
        return at == text_.size() ? fault(at, "this is not JSON")
                                  : unexpected(at, "want nothing after the end of the first value");
      case Awaited::kColon:
        return next == ':' ? value(behind) : unexpected(at, "want ':' and a value after a key");
      case Awaited::kKeyOrBrace:
        return next == '"' ? string(at) : unexpected(at, "want a key in double quotes, or '}'");
      case Awaited::kCommaOrBrace:
        return next == ',' ? key_after_comma(behind) : unexpected(at, "want ',' or '}'");
      case Awaited::kCommaOrBracket:
        if (next != ',') return unexpected(at, "want ',' or ']'");
        return text_.substr(behind, 1) == "]"
                   ? unexpected(behind, "want another value, or no comma before the ']'")
                   : value(behind);
      case Awaited::kItemOrBracket:
      case Awaited::kDocument:
        break;
    }
    return value(at);
  }

 private:
  Problem fault(std::size_t at, std::string message, std::string advice = {}) const {
    return {{&source_, at}, std::move(message), std::move(advice), {}};
  }

  // The text ends where more was due. Shown behind the last thing that stands there.
  Problem ends_early(std::string_view wanted) const {
    const auto last = text_.find_last_not_of(" \t\n\r");
    const std::size_t end = last == std::string_view::npos ? 0 : last + 1;
    std::string advice(wanted);
    if (opener_) {
      advice += fmt::format("\nthe '{}' of line {} is still open", text_[*opener_],
                            source_.position(*opener_).line);
    }
    return fault(end, end == 0 ? "there is nothing here" : "the text ends too early",
                 std::move(advice));
  }

  Problem unexpected(std::size_t at, std::string_view wanted) const {
    if (at == text_.size()) return ends_early(wanted);
    return fault(at, fmt::format("{} can't stand here", name_of_what_stands(at)),
                 std::string(wanted));
  }

  std::string name_of_what_stands(std::size_t at) const {
    const char first = text_[at];
    if (text_.substr(at, 2) == "//" || text_.substr(at, 2) == "/*" || first == '#') {
      return "a comment (JSON has none)";
    }
    if (first == '\'') return "a single quote";
    if (first == '"') return "a text";
    if (const auto word = word_at(text_, at); !word.empty()) return printable(word);
    if (static_cast<unsigned char>(first) < 0x20) {
      return fmt::format("a control character (byte {})", static_cast<int>(first));
    }
    const std::size_t length = utf8_length(text_, at);
    if (length == 0) {
      return fmt::format("byte 0x{:02X}, which is not UTF-8,", static_cast<unsigned char>(first));
    }
    return fmt::format("'{}'", text_.substr(at, length));
  }

  Problem key_after_comma(std::size_t at) const {
    if (at < text_.size() && text_[at] == '"') return string(at);
    return unexpected(at, text_.substr(at, 1) == "}"
                              ? "want another key in double quotes, or no comma before the '}'"
                              : "want a key in double quotes");
  }

  Problem value(std::size_t at) const {
    if (at == text_.size()) return ends_early(kAnyValue);
    if (text_[at] == '"') return string(at);
    const std::string_view here = word_at(text_, at);
    if (here.empty()) return unexpected(at, kAnyValue);
    const bool number = here.find_first_of("0123456789") != std::string_view::npos &&
                        std::string_view("-+.0123456789").find(here[0]) != std::string_view::npos;
    if (number) {
      return fault(at, fmt::format("{} is not a number", printable(here)),
                   "want digits as in 10, -2.5 or 1e6: no leading zero or '+', "
                   "digits on both sides of the point");
    }
    constexpr std::array<std::string_view, 3> kWords = {"true", "false", "null"};
    const bool cut_off = at + here.size() == text_.size() &&
                         std::ranges::any_of(kWords, [&](auto w) { return w.starts_with(here); });
    if (cut_off) return ends_early(kAnyValue);
    return fault(at, fmt::format("{} is not a value", printable(here)),
                 std::string(kAnyValue) + did_you_mean(here, kWords));
  }

  Problem string(std::size_t quote) const {
    for (std::size_t at = quote + 1; at < text_.size() && text_[at] != '"';) {
      const auto byte = static_cast<unsigned char>(text_[at]);
      if (byte == '\n' || byte == '\r') {
        return fault(quote, "the text that begins here is not closed in its line",
                     R"(want a closing '"'; a new line within a text is written \n)");
      }
      if (byte < 0x20) {
        return fault(at, fmt::format("a control character (byte {}) can't stand in a text", byte),
                     fmt::format("want \\u{:04x}", byte));
      }
      if (byte == '\\') {
        if (const auto problem = escape(at)) return *problem;
        at += is_surrogate_pair(text_.substr(at)) ? 12U : 2U;
        continue;
      }
      const std::size_t length = utf8_length(text_, at);
      if (length == 0) {
        return fault(at, fmt::format("byte 0x{:02X} is not UTF-8", byte),
                     "want a file saved as UTF-8");
      }
      at += length;
    }
    return fault(quote, "the text that begins here is not closed", R"(want a closing '"')");
  }

  // The fault of the escape whose backslash stands at `at`, if it has one.
  std::optional<Problem> escape(std::size_t at) const {
    const std::string_view rest = text_.substr(at);
    if (rest.size() < 2) return std::nullopt;
    if (rest[1] != 'u') {
      if (std::string_view("\"\\/bfnrt").find(rest[1]) != std::string_view::npos) {
        return std::nullopt;
      }
      return fault(at, fmt::format("{} is no escape", printable(rest.substr(0, 2))),
                   R"(want one of \" \\ \/ \b \f \n \r \t \uXXXX)");
    }
    const auto unit = code_unit(rest);
    if (!unit) {
      return fault(at, fmt::format("{} is no escape", printable(rest.substr(0, 6))),
                   "want four hexadecimal digits after \\u");
    }
    if (!is_surrogate(*unit) || is_surrogate_pair(rest)) return std::nullopt;
    return fault(at, fmt::format("{} is a lone surrogate", rest.substr(0, 6)),
                 "want a pair, \\ud800 to \\udbff and then \\udc00 to \\udfff, "
                 "or the character itself");
  }

  static bool is_surrogate(unsigned unit) { return unit >= 0xD800 && unit <= 0xDFFF; }

  static bool is_surrogate_pair(std::string_view text) {
    const auto high = code_unit(text);
    if (!high || *high < 0xD800 || *high > 0xDBFF) return false;
    const auto low = code_unit(text.substr(6));
    return low && *low >= 0xDC00 && *low <= 0xDFFF;
  }

  // The value of the \uXXXX that `text` begins with.
  static std::optional<unsigned> code_unit(std::string_view text) {
    if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
    unsigned value = 0;
    const char* end = text.data() + 6;
    const auto [stop, error] = std::from_chars(text.data() + 2, end, value, 16);
    if (error != std::errc() || stop != end || text[2] == '-') return std::nullopt;
    return value;
  }

  const SourceText& source_;
  std::string_view text_;
  std::optional<std::size_t> opener_;
};

}  // namespace

Problem explain_syntax_error(const SourceText& source, std::size_t at, Awaited awaited,
                             std::optional<std::size_t> opener) {
  return Explainer(source, opener).explain(at, awaited);
}

}  // namespace kadsim

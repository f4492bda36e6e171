#include "sim/scenario/json_tokens.hpp"

#include <algorithm>

namespace kadsim {
namespace {

constexpr std::string_view kBlank = " \t\n\r";
constexpr std::string_view kSeparators = " \t\n\r,:";

bool is_digit(char character) { return character >= '0' && character <= '9'; }

// Takes the digits that `text` begins with; false if there are none.
bool take_digits(std::string_view& text) {
  const auto end = std::ranges::find_if_not(text, is_digit);
  const auto count = static_cast<std::size_t>(end - text.begin());
  text.remove_prefix(count);
  return count > 0;
}

bool take_any_of(std::string_view& text, std::string_view characters) {
  const bool taken = !text.empty() && characters.find(text[0]) != std::string_view::npos;
  if (taken) text.remove_prefix(1);
  return taken;
}

// Offset behind the closing quote of the string that opens at `quote`.
std::size_t end_of_string(std::string_view text, std::size_t quote) {
  std::size_t at = quote + 1;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2U : 1U;
  return std::min(at + 1, text.size());
}

}  // namespace

std::size_t skip_blank(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(kBlank, at), text.size());
}

std::string_view word_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const auto end = std::ranges::find_if_not(rest, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' ||
           c == '-' || c == '+' || c == '.';
  });
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

bool is_number(std::string_view word) {
  take_any_of(word, "-");
  if (!take_any_of(word, "0") && !take_digits(word)) return false;
  if (take_any_of(word, ".") && !take_digits(word)) return false;
  if (take_any_of(word, "eE")) {
    take_any_of(word, "+-");
    if (!take_digits(word)) return false;
  }
  return word.empty();
}

TokenCursor::Token TokenCursor::next() {
  const std::size_t begin = std::min(text_.find_first_not_of(kSeparators, at_), text_.size());
  if (begin == text_.size()) {
    at_ = begin;
  } else if (text_[begin] == '"') {
    at_ = end_of_string(text_, begin);
  } else if (std::string_view("{}[]").find(text_[begin]) != std::string_view::npos) {
    at_ = begin + 1;
  } else {
    at_ = begin + word_at(text_, begin).size();
  }
  return {begin, at_ - begin};
}

GrammarIterator& GrammarIterator::operator++() {
  const char character = *at_++;
  if (in_string_) {
    in_string_ = escaped_ || character != '"';
    escaped_ = !escaped_ && character == '\\';
    return *this;
  }
  in_string_ = character == '"';
  digits_ = is_digit(character) ? digits_ + 1 : 0;
  if (digits_ == 2) {
    at_ = std::find_if_not(at_, end_, is_digit);
    digits_ = 0;
  }
  return *this;
}

}  // namespace kadsim

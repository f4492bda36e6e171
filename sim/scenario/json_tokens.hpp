#pragma once

#include <cstddef>
#include <iterator>
#include <string_view>

namespace kadsim {

/// Offset of the first byte from `at` on that is not JSON's white space; the text's size if there
/// is none.
[[nodiscard]] std::size_t skip_blank(std::string_view text, std::size_t at);

/// The letters, digits and signs at `at`, as far as they may belong to one number or word.
[[nodiscard]] std::string_view word_at(std::string_view text, std::size_t at);

/// Whether `word` is a number of JSON, as a whole.
[[nodiscard]] bool is_number(std::string_view word);

/// Finds where tokens stand, which nlohmann's SAX interface does not tell. It walks a text in step
/// with that parser: one call of `next` for each event, so that it only ever walks over tokens that
/// the parser has accepted.
class TokenCursor {
 public:
  TokenCursor(std::string_view text, std::size_t begin) : text_(text), at_(begin) {}

  struct Token {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  /// The next token that is no separator. O(its size).
  Token next();

  /// End of the latest token.
  [[nodiscard]] std::size_t position() const { return at_; }

 private:
  std::string_view text_;
  std::size_t at_;
};

/// The bytes of a JSON text as its grammar sees them: of each run of digits outside strings only
/// the first two. A text is JSON if and only if what this iterator yields is, and no number in that
/// is too great for a double (nlohmann throws json::out_of_range at 1e400) or long to convert; the
/// numbers themselves are read from the text, by their tokens.
class GrammarIterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  GrammarIterator() = default;
  GrammarIterator(const char* at, const char* end) : at_(at), end_(end) {}

  reference operator*() const { return *at_; }
  GrammarIterator& operator++();
  GrammarIterator operator++(int) {
    const GrammarIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const GrammarIterator& other) const { return at_ == other.at_; }

 private:
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  unsigned digits_ = 0;  // length of the run that ends before at_, at most 2
  bool in_string_ = false;
  bool escaped_ = false;
};

}  // namespace kadsim

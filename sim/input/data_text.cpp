#include "sim/input/data_text.hpp"

#include "core/base/assert.hpp"
#include "core/base/input_error.hpp"
#include "sim/input/text_file.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t last = text.find_last_not_of(kBlanks);
  return text.substr(first, last == std::string_view::npos ? 0 : last + 1 - first);
}

DataText::DataText(const std::string& path)
    : content_(read_text_file(path)),
      source_(SourceText::file(path, without_byte_order_mark(content_))) {}

std::optional<std::string_view> DataText::next_line() {
  while (next_ < text().size()) {
    const std::size_t begin = next_;
    const std::size_t end = std::min(text().find('\n', begin), text().size());
    next_ = end + 1;
    const std::string_view line = text().substr(begin, end - begin);
    if (!trimmed(line).empty()) return line;
  }
  return std::nullopt;
}

void DataText::wrong(std::string_view part, std::string message, std::string advice) {
  const auto offset = static_cast<std::size_t>(part.data() - text().data());
  KADSIM_ASSERT(offset <= text().size(), "a problem stands in the text that has it");
  problems_.add({&source_, offset}, std::move(message), std::move(advice));
}

void DataText::throw_if_wrong() const {
  if (!sound()) throw InputError(problems_.report());
}

}  // namespace kadsim

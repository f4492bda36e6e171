#include "sim/results/csv_writer.hpp"

#include "core/base/assert.hpp"

namespace kadsim {
namespace {

bool needs_quotes(std::string_view text) {
  if (text.empty()) return false;
  return text.front() == ' ' || text.back() == ' ' || text.front() == '#' ||
         text.find_first_of(",\"\r\n\t") != std::string_view::npos;
}

}  // namespace

CsvWriter::CsvWriter(FileWriter& file, std::span<const std::string_view> columns)
    : file_(file), columns_(columns.size()) {
  for (const std::string_view title : columns) text(title);
  end_row();
}

CsvWriter& CsvWriter::text(std::string_view value) {
  if (!needs_quotes(value)) return plain(value);
  separate();
  file_.write("\"");
  for (std::size_t quote = value.find('"'); quote != std::string_view::npos;
       quote = value.find('"')) {
    file_.write(value.substr(0, quote));
    file_.write("\"\"");
    value.remove_prefix(quote + 1);
  }
  file_.write(value);
  file_.write("\"");
  return *this;
}

CsvWriter& CsvWriter::hash(const Hash& value) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, 64> hex{};
  for (std::size_t i = 0; i < hex.size(); ++i) {
    hex[i] = kDigits[(value.words()[i / 16] >> (60 - 4 * (i % 16))) & 15];
  }
  return plain({hex.data(), hex.size()});
}

void CsvWriter::end_row() {
  KADSIM_ASSERT(cells_ == columns_, "a row has another number of cells than there are columns");
  file_.write("\n");
  cells_ = 0;
}

}  // namespace kadsim

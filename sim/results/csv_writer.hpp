#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/wide.hpp"
#include "core/hash/hash.hpp"
#include "sim/measure/decimal.hpp"
#include "sim/results/file_writer.hpp"

namespace kadsim {

/// Rows of comma-separated values, cell by cell:
///
///   csv.integer(operation).text("lookup").ms(latency_ns).empty().end_row();
///
/// Source: RFC 4180, with '\n' for line ends. Text is quoted where that RFC requires it, and also
/// where common readers would trim it or take it for a comment: with a space at either end or a
/// leading '#'. Every row has as many cells as there are columns, which is asserted at its end.
/// Allocates nothing. Throws what the file throws.
class CsvWriter {
 public:
  /// Writes the row of titles. `file` is borrowed and must outlive the writer.
  CsvWriter(FileWriter& file, std::span<const std::string_view> columns);

  CsvWriter& text(std::string_view value);

  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) CsvWriter& integer(T value) {
    std::array<char, 24> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    return plain({digits.data(), static_cast<std::size_t>(end.ptr - digits.data())});
  }

  /// `ns` in milliseconds, six decimals.
  CsvWriter& ms(std::int64_t ns) { return plain(format_ms(ns).view()); }
  /// numerator / denominator, see `format_ratio`.
  CsvWriter& ratio(Wide numerator, Wide denominator, unsigned decimals) {
    return plain(format_ratio(numerator, denominator, decimals).view());
  }
  /// A finite number, nine significant digits.
  CsvWriter& real(double value) { return plain(format_double9(value).view()); }
  /// 64 hexadecimal digits.
  CsvWriter& hash(const Hash& value);
  /// A cell without a value: the column does not apply to this row, which is not the same as 0.
  CsvWriter& empty() { return plain({}); }

  void end_row();

 private:
  CsvWriter& plain(std::string_view cell) {
    separate();
    file_.write(cell);
    return *this;
  }
  void separate() {
    if (cells_++ > 0) file_.write(",");
  }

  FileWriter& file_;
  std::size_t columns_;
  std::size_t cells_ = 0;
};

}  // namespace kadsim

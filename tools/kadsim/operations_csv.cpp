// Reads operations.csv back.

#include "core/base/input_error.hpp"
#include "core/client/operation_kind.hpp"
#include "sim/input/source_text.hpp"
#include "sim/measure/sha256.hpp"
#include "sim/run/result_files.hpp"
#include "tools/kadsim/result_reader.hpp"

#include <fmt/format.h>

#include <limits>  // csv.h needs it and does not include it

#include <csv.h>

#include <charconv>
#include <string_view>

namespace kadsim::tools {
namespace {

// The cells of one row, as text.
struct Cells {
  char* number = nullptr;
  char* op = nullptr;
  char* start = nullptr;
  char* end = nullptr;
  char* status = nullptr;
  char* rpcs = nullptr;
  char* recall = nullptr;
  char* measured = nullptr;
};

class RowReader {
 public:
  RowReader(const std::string& file, unsigned line) : file_(file), line_(line) {}

  OperationSample read(const Cells& cells, std::uint64_t expected) const {
    if (whole<std::uint64_t>("operation", cells.number) != expected) {
      fail("operation", cells.number, fmt::format("want {}, rows by number", expected));
    }
    OperationSample sample;
    sample.kind = kind(cells.op);
    const std::string_view status = cells.status;
    sample.finished = status != name_of(OperationStatus::kUnfinished);
    sample.successful = status == name_of(OperationStatus::kComplete) ||
                        status == name_of(OperationStatus::kFound) ||
                        status == name_of(OperationStatus::kStored);
    sample.measured = whole<unsigned>("measured", cells.measured) != 0;
    sample.rpcs = whole<std::uint32_t>("rpcs", cells.rpcs);
    if (sample.finished) {
      sample.latency_ns =
          whole<std::int64_t>("end_ns", cells.end) - whole<std::int64_t>("start_ns", cells.start);
      if (sample.latency_ns < 0) fail("end_ns", cells.end, "want it not to be before start_ns");
    }
    if (*cells.recall != '\0') sample.recall = millionths("recall_heard", cells.recall);
    return sample;
  }

 private:
  template <class Number>
  Number whole(const char* column, std::string_view text) const {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      fail(column, text, "want a whole number");
    }
    return value;
  }

  // A share with six decimals.
  std::int32_t millionths(const char* column, std::string_view text) const {
    std::string digits(text);
    if (digits.size() != 8 || digits[1] != '.') fail(column, text, "want a share like 0.950000");
    digits.erase(1, 1);
    return whole<std::int32_t>(column, digits);
  }

  OperationKind kind(std::string_view text) const {
    std::string names;
    for (const OperationKind kind : kOperationKinds) {
      if (text == name_of(kind)) return kind;
      names += (names.empty() ? "" : ", ") + std::string(name_of(kind));
    }
    fail("op", text, "want one of: " + names);
  }

  [[noreturn]] void fail(const char* column, std::string_view text, const std::string& want) const {
    throw InputError(
        fmt::format("{}:{}: {} '{}' ({})", file_, line_, column, printable(text), want));
  }

  const std::string& file_;
  unsigned line_;
};

}  // namespace

std::vector<OperationSample> read_operations(const StoredRun& run) {
  const std::filesystem::path path = run.folder / kOperationsCsv;
  const std::string file = path.string();
  if (run.operations_sha256.empty()) {
    throw InputError(fmt::format(
        "{}: holds no operations.csv (want a run with \"output\": {{\"operations\": true}})",
        run.folder.string()));
  }
  if (sha256_of_file(path).hex() != run.operations_sha256) {
    throw InputError(
        fmt::format("{}: damaged: its SHA-256 is not the one in the manifest (want a file as "
                    "kadsim run wrote it)",
                    file));
  }
  std::vector<OperationSample> samples;
  try {
    io::CSVReader<8, io::trim_chars<>, io::no_quote_escape<','>> csv(file);
    csv.read_header(io::ignore_extra_column, "operation", "op", "start_ns", "end_ns", "status",
                    "rpcs", "recall_heard", "measured");
    Cells cells;
    while (csv.read_row(cells.number, cells.op, cells.start, cells.end, cells.status, cells.rpcs,
                        cells.recall, cells.measured)) {
      samples.push_back(RowReader(file, csv.get_file_line()).read(cells, samples.size()));
    }
  } catch (const io::error::base& error) {
    throw InputError(fmt::format("{}: {}", file, error.what()));
  }
  return samples;
}

}  // namespace kadsim::tools

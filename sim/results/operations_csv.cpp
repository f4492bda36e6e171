#include "sim/results/operations_csv.hpp"

#include "core/base/input_error.hpp"
#include "core/client/operation_kind.hpp"
#include "sim/input/parse_number.hpp"
#include "sim/input/source_text.hpp"
#include "sim/results/csv_writer.hpp"

#include <fmt/format.h>

#include <limits>  // csv.h needs it and does not include it

#include <csv.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace kadsim {
namespace {

constexpr unsigned kRatioDecimals = 6;

// The columns of put and get, empty for all other kinds.
void write_value(CsvWriter& csv, const OperationRow& row, bool has_quorum) {
  const bool get = row.kind == OperationKind::kGet && row.arrived;
  const bool put = row.kind == OperationKind::kPut && row.arrived;
  const auto cell = [&csv](bool applies, std::uint32_t value) {
    applies ? csv.integer(value) : csv.empty();
  };
  cell(put || (get && row.value.seen > 0), row.value.version);
  cell(get, row.value.seen);
  cell(get, row.value.stale);
  cell(get, row.value.repaired);
  cell(get, row.value.corrected);
  cell(get && has_quorum, row.value.quorum_met ? 1 : 0);
}

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
    const std::optional<Number> value = parse_number<Number>(text);
    if (!value) fail(column, text, "want a whole number");
    return *value;
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

void write_operations(FileWriter& file, const Scenario& scenario, const RunResult& result) {
  static constexpr std::array<std::string_view, 28> kColumns = {"operation",    "op",
                                                                "origin",       "target",
                                                                "start_ns",     "end_ns",
                                                                "status",       "hops",
                                                                "attempts",     "succeeded",
                                                                "failed",       "rpcs",
                                                                "stores",       "stores_failed",
                                                                "latency_ms",   "queued_ms",
                                                                "recall_heard", "recall_answered",
                                                                "entry",        "segment_bytes",
                                                                "measured",     "oracle_stop",
                                                                "version",      "values",
                                                                "stale",        "repaired",
                                                                "corrected",    "quorum_met"};
  std::vector<std::string_view> columns(kColumns.begin(), kColumns.end());
  const bool by_group = result.groups.any();
  const auto clients = clients_by_group(scenario.network.groups, scenario.client);
  if (by_group) columns.push_back("origin_group");
  CsvWriter csv(file, columns);
  for (std::size_t e = 0; e < scenario.workload.size(); ++e) {
    const WorkloadEntry& entry = scenario.workload[e];
    for (std::uint64_t number = result.entry_begin[e]; number < result.entry_begin[e + 1];
         ++number) {
      const OperationRow& row = result.rows[number];
      csv.integer(number).text(name_of(row.kind)).integer(row.origin).hash(row.target);
      if (row.arrived) {
        csv.integer(row.start.ns()).integer(row.end.ns());
      } else {
        csv.empty().empty();
      }
      csv.text(name_of(row.status)).integer(row.hops).integer(row.attempts).integer(row.succeeded);
      csv.integer(row.failed).integer(row.rpcs).integer(row.stores).integer(row.stores_failed);
      if (row.arrived) {
        csv.ms(row.latency().ns()).ms(row.queued.ns());
      } else {
        csv.empty().empty();
      }
      if (row.closest > 0) {
        csv.ratio(row.heard, row.closest, kRatioDecimals)
            .ratio(row.answered, row.closest, kRatioDecimals);
      } else {
        csv.empty().empty();
      }
      csv.text(entry.name);
      const bool stores = row.kind == OperationKind::kProvide || row.kind == OperationKind::kPut;
      csv.integer(stores ? entry.segment_bytes : 0U);
      csv.integer(is_measured(row, scenario.measure) ? 1 : 0).integer(row.oracle_stop ? 1 : 0);
      write_value(csv, row, clients[result.groups.of(row.origin)].values.quorum > 0);
      if (by_group) csv.text(result.groups.name_of(row.origin));
      csv.end_row();
    }
  }
}

std::vector<OperationSample> read_operation_samples(const std::filesystem::path& path) {
  const std::string file = path.string();
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

}  // namespace kadsim

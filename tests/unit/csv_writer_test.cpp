#include "sim/results/csv_writer.hpp"

#include "core/base/assert.hpp"
#include "sim/results/text_table.hpp"
#include "tests/catch.hpp"

#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

using namespace kadsim;

namespace {

template <class T>
concept IntegerCell = requires(CsvWriter& csv, T value) {
  csv.integer(value);
};

static_assert(IntegerCell<std::uint64_t> && IntegerCell<std::int8_t>);
static_assert(!IntegerCell<bool> && !IntegerCell<char> && !IntegerCell<double>);

// The bytes of a file that `write(csv)` makes.
template <std::size_t N, class Write>
std::string written(const std::array<std::string_view, N>& columns, Write write) {
  std::string path = (std::filesystem::temp_directory_path() / "kadsim_csv.XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  REQUIRE(descriptor >= 0);
  ::close(descriptor);
  {
    FileWriter file(path);
    CsvWriter csv(file, columns);
    write(csv);
    file.close();
  }
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::filesystem::remove(path);
  return text;
}

std::string cell(std::string_view text) {
  return written(std::array<std::string_view, 1>{"c"},
                 [text](CsvWriter& csv) { csv.text(text).end_row(); })
      .substr(2);
}

}  // namespace

TEST_CASE("a row is its cells with commas between, ended by a line feed", "[csv]") {
  static constexpr std::array<std::string_view, 7> kColumns = {"op",     "n", "smallest", "ms",
                                                               "recall", "x", "none"};
  const std::string text = written(kColumns, [](CsvWriter& csv) {
    csv.text("lookup").integer(std::numeric_limits<std::uint64_t>::max());
    csv.integer(std::numeric_limits<std::int64_t>::min()).ms(1'500'000);
    csv.ratio(17, 20, 3).real(0.25).empty().end_row();
    csv.empty().empty().empty().empty().empty().empty().empty().end_row();
  });
  CHECK(text ==
        "op,n,smallest,ms,recall,x,none\n"
        "lookup,18446744073709551615,-9223372036854775808,1.500000,0.850,0.25,\n"
        ",,,,,,\n");
}

TEST_CASE("text is quoted where it could be misread, and only there", "[csv]") {
  CHECK(cell("plain text; 'so' #1") == "plain text; 'so' #1\n");
  CHECK(cell("") == "\n");
  CHECK(cell("a,b") == "\"a,b\"\n");
  CHECK(cell("\"") == "\"\"\"\"\n");
  CHECK(cell("say \"yes\" twice") == "\"say \"\"yes\"\" twice\"\n");
  CHECK(cell("two\nlines") == "\"two\nlines\"\n");
  CHECK(cell("carriage\rreturn") == "\"carriage\rreturn\"\n");
  CHECK(cell("#comment") == "\"#comment\"\n");
  CHECK(cell(" indented") == "\" indented\"\n");
  CHECK(cell("trailing ") == "\"trailing \"\n");
}

TEST_CASE("a hash is written as its hexadecimal digits", "[csv]") {
  const Hash hash = Hash::of_name("kadsim");
  CHECK(written(std::array<std::string_view, 1>{"h"}, [&hash](CsvWriter& csv) {
          csv.hash(hash).end_row();
        }) == "h\n" + hash.hex() + "\n");
}

TEST_CASE("a row with a cell too few or too many is an assertion", "[csv]") {
  static constexpr std::array<std::string_view, 2> kColumns = {"a", "b"};
  written(kColumns, [](CsvWriter& csv) {
    CHECK_THROWS_AS(csv.integer(1).end_row(), AssertionError);
    csv.integer(2).end_row();
    CHECK_THROWS_AS(csv.integer(1).integer(2).integer(3).end_row(), AssertionError);
  });
}

TEST_CASE("a table aligns its columns and ends no line with a space", "[text_table]") {
  TextTable table({{"operations", TextTable::Align::kLeft}, {"count"}, {"p50 ms"}});
  table.row({"lookup", "10000", "512.3"}).row({"provide", "1000", ""});
  CHECK(table.str() ==
        "operations  count  p50 ms\n"
        "lookup      10000   512.3\n"
        "provide      1000\n");
}

TEST_CASE("a table without titles has only its rows", "[text_table]") {
  TextTable table({{"", TextTable::Align::kLeft}, {"", TextTable::Align::kLeft}});
  CHECK(table.str().empty());
  table.row({"nodes", "15000"}).row({"k", "20"});
  CHECK(table.str() == "nodes  15000\nk      20\n");
  CHECK_THROWS_AS(table.row({"one cell"}), AssertionError);
}

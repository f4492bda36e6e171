// Files of measured delays: what is read from good ones, and what is said of bad ones.

#include "sim/world/delay_data.hpp"
#include "core/base/input_error.hpp"
#include "tests/catch.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

using namespace kadsim;
namespace fs = std::filesystem;

namespace {

constexpr Duration kMillisecond = Duration::milliseconds(1);

// A folder of its own for each case, gone afterwards, with one file in it.
class DataFile {
 public:
  explicit DataFile(std::string_view content) {
    std::string name = (fs::temp_directory_path() / "kadsim_delay_data.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder_ = name;
    std::ofstream(path(), std::ios::binary) << content;
  }
  ~DataFile() { fs::remove_all(folder_); }
  DataFile(const DataFile&) = delete;
  DataFile& operator=(const DataFile&) = delete;

  [[nodiscard]] std::string path() const { return (folder_ / "delays.txt").string(); }
  [[nodiscard]] std::string folder() const { return folder_.string(); }

 private:
  fs::path folder_;
};

LatencyMatrix matrix(std::string_view content, Duration unit = kMillisecond) {
  return read_latency_matrix(DataFile(content).path(), unit);
}

std::vector<QuantilePoint> quantiles(std::string_view content) {
  return read_quantiles(DataFile(content).path());
}

// What is said of a file, from behind its path on, without a final newline; empty if it was taken.
template <typename Read>
std::string complaint(const Read& read, std::string_view content) {
  const DataFile file(content);
  try {
    read(file.path());
  } catch (const UnreadableError&) {
    return "unreadable";
  } catch (const InputError& error) {
    std::string text = error.what();
    const std::string heading = file.path() + ":";
    REQUIRE(text.starts_with(heading));
    for (auto at = text.find(heading); at != std::string::npos; at = text.find(heading, at)) {
      text.erase(at, heading.size());
    }
    return text;
  }
  return "";
}

// The headings alone: `line:column: error: message`, one a line.
std::string headings(const std::string& complaint) {
  std::istringstream lines(complaint);
  std::string all;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(" error: ") != std::string::npos || line.starts_with("...")) all += line + "\n";
  }
  if (!all.empty()) all.pop_back();
  return all;
}

std::string full_matrix_complaint(std::string_view content, Duration unit = kMillisecond) {
  return complaint([unit](const std::string& path) { read_latency_matrix(path, unit); }, content);
}

std::string matrix_complaint(std::string_view content) {
  return headings(full_matrix_complaint(content));
}

std::string full_quantiles_complaint(std::string_view content) {
  return complaint([](const std::string& path) { read_quantiles(path); }, content);
}

std::string quantiles_complaint(std::string_view rows) {
  return headings(full_quantiles_complaint("probability,delay_ms\n" + std::string(rows)));
}

}  // namespace

TEST_CASE("a matrix is read row by row, sender first, and need not be symmetric", "[delay_data]") {
  const LatencyMatrix read = matrix("0 1.5 2\n3 0.25 4\n5 6 0\n");
  REQUIRE(read.size() == 3);
  CHECK(read.at(0, 1) == Duration::microseconds(1500));
  CHECK(read.at(1, 0) == Duration::milliseconds(3));
  CHECK(read.at(1, 1) == Duration::microseconds(250));
  CHECK(read.at(2, 1) == Duration::milliseconds(6));
}

TEST_CASE("a matrix comes with blanks or commas, and however its lines end", "[delay_data]") {
  for (const std::string_view content :
       {"0 7\n7 0\n", "0 7\n7 0", "\n 0\t 7 \n\n7   0\n \n", "0 7\r\n7 0\r\n", "0,7\n7,0\n",
        " 0 , 7\r\n7,\t0 \r\n", "0.0e0 7e+0\n700e-2 -0\n"}) {
    CAPTURE(content);
    const LatencyMatrix read = matrix(content);
    REQUIRE(read.size() == 2);
    CHECK(read.at(0, 1) == Duration::milliseconds(7));
    CHECK(read.at(1, 0) == Duration::milliseconds(7));
    CHECK(read.at(1, 1) == Duration());
  }
  CHECK(matrix("5").at(0, 0) == Duration::milliseconds(5));
}

TEST_CASE("values count in the unit given and are rounded to whole ns, halves up", "[delay_data]") {
  CHECK(matrix("0.1", Duration::seconds(1)).at(0, 0) == Duration::milliseconds(100));
  CHECK(matrix("0.1").at(0, 0) == Duration::microseconds(100));
  CHECK(matrix("0.0000014").at(0, 0) == Duration::nanoseconds(1));
  CHECK(matrix("0.0000025").at(0, 0) == Duration::nanoseconds(3));
  CHECK(matrix("2.5", Duration::nanoseconds(1)).at(0, 0) == Duration::nanoseconds(3));
  CHECK(matrix("3600000").at(0, 0) == Duration::hours(1));
}

TEST_CASE("a bad value in a matrix is shown where it stands", "[delay_data]") {
  CHECK(full_matrix_complaint("0 5\nnan 0\n") ==
        "2:1: error: \"nan\" is not a finite number\n"
        "  nan 0\n"
        "  ^\n"
        "  want a number from 0 to 3600000, which is an hour");
  CHECK(full_matrix_complaint("0\t-5\r\n5 0\r\n") ==
        "1:3: error: \"-5\" is negative\n"
        "  0 -5\n"
        "    ^\n"
        "  want a number from 0 to 3600000, which is an hour");
  CHECK(matrix_complaint("0  -inf\n5 0\n") == "1:4: error: \"-inf\" is not a finite number");
  CHECK(matrix_complaint("0 3600001\n5 0\n") == "1:3: error: \"3600001\" is too large");
  CHECK(matrix_complaint("0 1e300\n5 0\n") == "1:3: error: \"1e300\" is too large");
  for (const std::string bad :
       {"five", "5ms", "1e", "0x10", "+5", "1.2.3", "1e400", "--5", "1;2", "'5'"}) {
    CHECK(matrix_complaint("0 " + bad + "\n5 0\n") ==
          "1:3: error: \"" + bad + "\" is not a finite number");
  }
}

TEST_CASE("the greatest delay is told in the unit of the matrix", "[delay_data]") {
  const auto advice = [](Duration unit) {
    const std::string said = full_matrix_complaint("1e99", unit);
    return said.substr(said.find("want"));
  };
  CHECK(advice(Duration::nanoseconds(1)) ==
        "want a number from 0 to 3600000000000, which is an hour");
  CHECK(advice(Duration::microseconds(1)) ==
        "want a number from 0 to 3600000000, which is an hour");
  CHECK(advice(Duration::seconds(1)) == "want a number from 0 to 3600, which is an hour");
  CHECK(advice(Duration::hours(1)) == "want a number from 0 to 1, which is an hour");
}

TEST_CASE("all errors in a matrix are reported in order, 20 at most", "[delay_data]") {
  CHECK(matrix_complaint("0 x 2\n-1 0\n0 1 2 3\n5 nan 0\n") ==
        "1:3: error: \"x\" is not a finite number\n"
        "2:1: error: \"-1\" is negative\n"
        "2:5: error: 2 numbers\n"
        "3:7: error: 4 numbers\n"
        "4:1: error: 4 rows of 3 numbers\n"
        "4:3: error: \"nan\" is not a finite number");
  std::string rows;
  for (int row = 0; row < 100; ++row) {
    for (int column = 0; column < 100; ++column) rows += "nan ";
    rows += "\n";
  }
  const std::string said = matrix_complaint(rows);
  CHECK(std::ranges::count(said, '\n') == 20);
  CHECK(said.ends_with("1:77: error: \"nan\" is not a finite number\n... and 9980 more"));
}

TEST_CASE("the text of a data file is never printed raw, nor at length", "[delay_data]") {
  const std::string said =
      full_matrix_complaint("0 " + std::string(100'000, 'x') + "\n\x1b[2J\xFF 0\n");
  CHECK(said.starts_with("1:3: error: \"" + std::string(40, 'x') +
                         "...\" is not a finite number\n"
                         "  0 " +
                         std::string(36, 'x') + "...\n    ^\n"));
  CHECK(said.find("2:1: error: \"\xEF\xBF\xBD[2J\xEF\xBF\xBD\" is not a finite number\n"
                  "  \xEF\xBF\xBD[2J\xEF\xBF\xBD 0\n  ^\n") != std::string::npos);
  CHECK(said.size() < 500);
}

TEST_CASE("a value that is missing between commas does not go unnoticed", "[delay_data]") {
  const std::string what = " error: this value is missing";
  CHECK(matrix_complaint("0,,7\n7,0,1\n1,2,0\n") == "1:3:" + what);
  // Here every row has as many numbers as there are rows.
  CHECK(matrix_complaint("0,,7\n7,,0\n") ==
        "1:3:" + what + "\n2:3:" + what + "\n3:1: error: 2 rows of 3 numbers");
  CHECK(matrix_complaint("0,7\n7,\n") == "2:3:" + what);
  CHECK(matrix_complaint("0, 7\n,0\n") == "2:1:" + what);
  CHECK(matrix_complaint("0, 1 2\n1, 2\n") == "1:4: error: \"1 2\" is not a finite number");
}

TEST_CASE("a matrix that is not square is refused", "[delay_data]") {
  CHECK(full_matrix_complaint("1 2\n\n3\n") ==
        "3:2: error: 1 number\n"
        "  3\n"
        "   ^\n"
        "  want 2, as in the first row");
  CHECK(matrix_complaint("1 2\n3 4 5\n") == "2:5: error: 3 numbers");
  CHECK(full_matrix_complaint("1 2 3\n4 5 6") ==
        "2:6: error: 2 rows of 3 numbers\n"
        "  4 5 6\n"
        "       ^\n"
        "  want a square matrix, as many rows as numbers in each");
  CHECK(matrix_complaint("1 2\n3 4\n 5 6\n7 8\n") == "3:2: error: 4 rows of 2 numbers");
  CHECK(full_matrix_complaint("") ==
        "1:1: error: no numbers\n  \n  ^\n  want a square matrix of delays");
  CHECK(matrix_complaint("\n \t\n\r\n") == "4:1: error: no numbers");
}

TEST_CASE("quantiles are read in ns, with probabilities in units of 2^-62", "[delay_data]") {
  for (const std::string_view content :
       {"probability,delay_ms\n0,1.5\n0.25,2\n1,2\n", "delay_ms,probability\n1.5,0\n2,0.25\n2,1\n",
        "\xEF\xBB\xBFprobability,delay_ms\r\n0,1.5\r\n0.25,2\r\n1,2",
        "\n probability ,\tdelay_ms\n\n 0 , 1.5\n25e-2,2.0\n \n1.0,2\n\n"}) {
    CAPTURE(content);
    const std::vector<QuantilePoint> points = quantiles(content);
    REQUIRE(points.size() == 3);
    CHECK(points[0].probability == 0);
    CHECK(points[1].probability == QuantilePoint::kOne / 4);
    CHECK(points[2].probability == QuantilePoint::kOne);
    CHECK(points[0].value == 1'500'000);
    CHECK(points[1].value == 2'000'000);
    CHECK(points[2].value == 2'000'000);
  }
}

TEST_CASE("decimals of quantiles are the nearest doubles, not the parser's", "[delay_data]") {
  // 0.3 by adding 3 * 0.1 is another double than the one nearest to 0.3.
  const auto points = quantiles("probability,delay_ms\n0,0\n0.3,123.456789\n1,3600000\n");
  CHECK(points[1].probability == static_cast<std::uint64_t>(0.3 * 0x1p62));
  CHECK(points[1].value == 123'456'789);
  CHECK(points[2].value == Duration::hours(1).ns());
}

TEST_CASE("a bad row of quantiles is shown where it is wrong", "[delay_data]") {
  CHECK(full_quantiles_complaint("delay_ms,probability\n1,0\n2, x\n3,1\n") ==
        "3:4: error: \"x\" is not a finite number\n"
        "  2, x\n"
        "     ^\n"
        "  want a probability, a number from 0 to 1");
  for (const std::string bad : {"nan", "inf", "0.5%", "+0.5", "1e400"}) {
    CHECK(quantiles_complaint("0,1\n" + bad + ",2\n1,2\n") ==
          "3:1: error: \"" + bad + "\" is not a finite number");
  }
  for (const std::string bad : {"-0.1", "1.1", "1e300"}) {
    CHECK(headings(full_quantiles_complaint("probability,delay_ms\n0,1\n" + bad + ",2\n"))
              .starts_with("3:1: error: \"" + bad + "\" is out of range"));
  }
  for (const std::string bad : {"nan", "inf", "two", "2ms", "1 2"}) {
    CHECK(quantiles_complaint("0,1\n0.5," + bad + "\n1,2\n") ==
          "3:5: error: \"" + bad + "\" is not a finite number");
  }
  CHECK(quantiles_complaint("0,1\n,2\n1,\n") ==
        "3:1: error: this value is missing\n4:3: error: this value is missing");
  CHECK(quantiles_complaint("0,-1\n1,2\n") == "2:3: error: \"-1\" is negative");
  CHECK(quantiles_complaint("0,1\n1,1e99\n") == "3:3: error: \"1e99\" is too large");
  CHECK(quantiles_complaint("0,1\n# half\n1,2\n") == "3:7: error: 1 value");
  CHECK(quantiles_complaint("0,1\n0.5,2,3\n1,2\n") == "3:7: error: 3 values");
  CHECK(quantiles_complaint(std::string("0,1\n1,2\0garbage\n", 16)) ==
        "3:3: error: \"2\xEF\xBF\xBDgarbage\" is not a finite number");
}

TEST_CASE("quantiles run from 0 to 1 and do not decrease", "[delay_data]") {
  const std::string stuck = " error: the probability does not increase";
  CHECK(quantiles_complaint("0.1,1\n1,2\n") == "2:1: error: the first probability is not 0");
  CHECK(quantiles_complaint("0,1\n0.5,2\n0.5,3\n1,4\n") == "4:1:" + stuck);
  CHECK(quantiles_complaint("0,1\n0.5,2\n0.4,3\n1,4\n") == "4:1:" + stuck);
  CHECK(quantiles_complaint("0,1\n1,2\n1,3\n") == "4:1:" + stuck);
  CHECK(full_quantiles_complaint("probability,delay_ms\n0,5\n1,2\n") ==
        "3:3: error: the delay decreases\n  1,2\n    ^\n  want at least 5");
  CHECK(quantiles_complaint("0,1\n0.999,2\n") == "3:1: error: the last probability is not 1");
  CHECK(quantiles_complaint("0,1\n") == "2:1: error: the last probability is not 1");
  CHECK(quantiles_complaint("") == "2:1: error: no quantiles");
}

TEST_CASE("all errors in quantiles are reported, each once", "[delay_data]") {
  CHECK(quantiles_complaint("0.1,x\n0.5,2\n0.4,1\n0.6\n0.5,0\n0.9,0\n") ==
        "2:1: error: the first probability is not 0\n"
        "2:5: error: \"x\" is not a finite number\n"
        "4:1: error: the probability does not increase\n"
        "4:5: error: the delay decreases\n"
        "5:4: error: 1 value\n"
        "7:1: error: the last probability is not 1");
}

TEST_CASE("quantiles need their header", "[delay_data]") {
  CHECK(full_quantiles_complaint("p,delay\n0,1\n1,2\n") ==
        "1:1: error: this is not the header\n"
        "  p,delay\n"
        "  ^\n"
        "  want probability,delay_ms");
  const std::string what = " error: this is not the header";
  CHECK(headings(full_quantiles_complaint("0,1\n1,2\n")) == "1:1:" + what);
  CHECK(headings(full_quantiles_complaint("probability\n0\n1\n")) == "1:1:" + what);
  CHECK(headings(full_quantiles_complaint("probability,delay_ms,probability\n0,1,0\n")) ==
        "1:1:" + what);
  CHECK(headings(full_quantiles_complaint("\n\n probability,delay_ms,note\n0,1,x\n")) ==
        "3:2:" + what);
  CHECK(headings(full_quantiles_complaint("")) == "1:1: error: no header");
}

TEST_CASE("a good file cut at any byte is read or refused, never more", "[delay_data]") {
  const std::string csv = "probability,delay_ms\r\n0,1.5\r\n0.25,2\r\n0.75,1e1\r\n1,20.25\r\n";
  const std::string rows = "0.0 1.5 2\n3 0.25 4e0\n5 6 0\n";
  for (std::size_t end = 0; end < csv.size(); ++end) {
    const std::string said = full_quantiles_complaint(csv.substr(0, end));
    // Short of "1,20" the last delay is missing, or smaller than the one before.
    CHECK(said.empty() == (end >= csv.find("1,20") + 4));
  }
  for (std::size_t end = 0; end < rows.size(); ++end) {
    const std::string said = matrix_complaint(rows.substr(0, end));
    // One number alone is a matrix, too.
    CHECK(said.empty() == ((end >= 1 && end <= rows.find(' ') + 1) || end >= rows.size() - 1));
  }
}

TEST_CASE("a file that can't be read at all is another error", "[delay_data]") {
  const DataFile file("1");
  for (const std::string& path :
       {file.folder(), file.path() + ".not", file.path() + "/not", std::string("/dev/zero")}) {
    CAPTURE(path);
    CHECK_THROWS_AS(read_latency_matrix(path, kMillisecond), UnreadableError);
    CHECK_THROWS_AS(read_quantiles(path), UnreadableError);
  }
  CHECK_THROWS_AS(read_quantiles(""), UnreadableError);
}

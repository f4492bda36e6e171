// Files of measured delays: what is read from good ones, and what is said of bad ones.

#include "sim/world/delay_data.hpp"
#include "core/base/input_error.hpp"
#include "tests/catch.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
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

// What is said of a file, from behind its path on; empty if it was taken.
template <typename Read>
std::string complaint(const Read& read, std::string_view content) {
  const DataFile file(content);
  try {
    read(file.path());
  } catch (const UnreadableError&) {
    return "unreadable";
  } catch (const InputError& error) {
    const std::string text = error.what();
    REQUIRE(text.starts_with(file.path() + ":"));
    return text.substr(file.path().size() + 1);
  }
  return "";
}

std::string matrix_complaint(std::string_view content) {
  return complaint([](const std::string& path) { read_latency_matrix(path, kMillisecond); },
                   content);
}

std::string quantiles_complaint(std::string_view rows) {
  return complaint([](const std::string& path) { read_quantiles(path); },
                   "probability,delay_ms\n" + std::string(rows));
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

TEST_CASE("values count in the unit given and are rounded to whole ns, halves up",
          "[delay_data]") {
  CHECK(matrix("0.1", Duration::seconds(1)).at(0, 0) == Duration::milliseconds(100));
  CHECK(matrix("0.1").at(0, 0) == Duration::microseconds(100));
  CHECK(matrix("0.0000014").at(0, 0) == Duration::nanoseconds(1));
  CHECK(matrix("0.0000025").at(0, 0) == Duration::nanoseconds(3));
  CHECK(matrix("2.5", Duration::nanoseconds(1)).at(0, 0) == Duration::nanoseconds(3));
  CHECK(matrix("3600000").at(0, 0) == Duration::hours(1));
}

TEST_CASE("a bad value in a matrix is named with its line and column", "[delay_data]") {
  CHECK(matrix_complaint("0 5\nnan 0\n") ==
        "2:1: 'nan' is not a finite number (want a delay >= 0)");
  CHECK(matrix_complaint("0  -inf\n5 0\n") ==
        "1:4: '-inf' is not a finite number (want a delay >= 0)");
  CHECK(matrix_complaint("0 -5\n5 0\n") == "1:3: -5 (want a delay >= 0)");
  CHECK(matrix_complaint("0 3600001\n5 0\n") == "1:3: 3600001 (want a delay of at most an hour)");
  CHECK(matrix_complaint("0 1e300\n5 0\n") == "1:3: 1e300 (want a delay of at most an hour)");
  for (const std::string bad : {"five", "5ms", "1e", "0x10", "+5", "1.2.3", "1e400", "--5", "1;2",
                                "\"5\"", "\xEF\xBB\xBF"
                                         "5"}) {
    CHECK(matrix_complaint("0 " + bad + "\n5 0\n") ==
          "1:3: '" + bad + "' is not a finite number (want a delay >= 0)");
  }
  // The first is named, and never at length.
  CHECK(matrix_complaint("0 " + std::string(100'000, 'x') + "\nnan 0\n") ==
        "1:3: '" + std::string(40, 'x') + "' is not a finite number (want a delay >= 0)");
}

TEST_CASE("a value that is missing between commas does not go unnoticed", "[delay_data]") {
  const std::string what = "'' is not a finite number (want a delay >= 0)";
  CHECK(matrix_complaint("0,,7\n7,0,1\n1,2,0\n") == "1:3: " + what);
  CHECK(matrix_complaint("0,,7\n7,,0\n") == "2:0" + what);  // placeholder
}

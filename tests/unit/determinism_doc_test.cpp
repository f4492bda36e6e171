// The test vectors of docs/determinism.md are what the program computes.

#include "core/hash/hash.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <fmt/format.h>

#include <fstream>
#include <regex>
#include <sstream>

using namespace kadsim;

namespace {

std::string page() {
  std::ifstream file("docs/determinism.md");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::smatch> rows(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator()};
}

}  // namespace

TEST_CASE("the documented names are what the naming rule gives", "[docs]") {
  const std::string text = page();
  const auto found =
      rows(text, std::regex(R"(\| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \| `([0-9a-f]{64})` \|)"));
  CHECK(found.size() == 5);
  for (const std::smatch& row : found) {
    CAPTURE(row.str());
    CHECK(named_hash(row[1].str(), std::stoull(row[2]),
                     static_cast<std::uint32_t>(std::stoul(row[3])), std::stoull(row[4]))
              .hex() == row[5].str());
  }
}

TEST_CASE("the documented draws are what the streams give", "[docs]") {
  const std::string text = page();
  const auto found = rows(
      text,
      std::regex(
          R"(\| `([\w.]+)` \| (\d+) \| (\d+) \| \((\d+), (\d+), (\d+)\) \| `([0-9a-f]{16})` \|)"));
  CHECK(found.size() == 4);
  for (const std::smatch& row : found) {
    CAPTURE(row.str());
    const RandomStream stream(std::stoull(row[2]), static_cast<std::uint32_t>(std::stoul(row[3])),
                              row[1].str());
    const std::uint64_t draw =
        stream.bits({std::stoull(row[4]), std::stoull(row[5]), std::stoull(row[6])});
    CHECK(fmt::format("{:016x}", draw) == row[7].str());
  }
}

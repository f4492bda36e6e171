#include "sim/input/parse_number.hpp"

#include "tests/catch.hpp"

#include <cstdint>

using namespace kadsim;

TEST_CASE("a number is parsed from the whole of a text or not at all", "[parse_number]") {
  CHECK(parse_number<std::uint64_t>("18446744073709551615") == UINT64_MAX);
  CHECK(parse_number<std::int64_t>("-5") == -5);
  CHECK(parse_number<double>("0.25") == 0.25);
  for (const char* text : {"", " 1", "1 ", "+1", "1e3", "-1", "18446744073709551616", "0x10"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_number<std::uint64_t>(text).has_value());
  }
}

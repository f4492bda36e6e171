// How distances are rounded: down, and never out of order.

#include "core/table/near_contact.hpp"

#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <bit>
#include <vector>

using namespace kadsim;

namespace {

// What it means, in integers: where the leading one of the upper 52 bits is, and what follows it.
std::uint32_t rounded_by_integers(std::uint64_t distance) {
  const std::uint64_t used = (distance >> 12) | 1;
  const auto exponent = static_cast<unsigned>(std::bit_width(used)) - 1;
  const std::uint64_t behind = used << (63 - exponent) << 1;
  return (exponent << 26) | static_cast<std::uint32_t>(behind >> 38);
}

// Some of every length, and what lies at the edges of each.
std::vector<std::uint64_t> distances() {
  const RandomStream stream(1, 0, "test");
  RandomSequence random(stream, {0, 0, 0});
  std::vector<std::uint64_t> all{0, ~std::uint64_t{0}};
  for (unsigned length = 0; length < 64; ++length) {
    const std::uint64_t power = std::uint64_t{1} << length;
    for (const std::uint64_t near : {power - 1, power, power + 1}) all.push_back(near);
    for (int i = 0; i < 200; ++i) all.push_back(power | random.below(power));
  }
  std::ranges::sort(all);
  return all;
}

}  // namespace

TEST_CASE("a distance is rounded to where its leading one is and 26 bits behind it", "[table]") {
  for (const std::uint64_t distance : distances()) {
    CAPTURE(distance);
    REQUIRE(NearContact::rounded(distance) == rounded_by_integers(distance));
  }
}

TEST_CASE("rounding keeps the order of distances", "[table]") {
  std::uint32_t before = 0;
  for (const std::uint64_t distance : distances()) {
    const std::uint32_t rounded = NearContact::rounded(distance);
    CAPTURE(distance);
    REQUIRE(before <= rounded);
    before = rounded;
  }
  REQUIRE(before < NearContact().rounded_distance());
}

TEST_CASE("distances that differ in 27 bits from the leading one on are rounded apart", "[table]") {
  const RandomStream stream(2, 0, "test");
  RandomSequence random(stream, {0, 0, 0});
  for (int i = 0; i < 10'000; ++i) {
    const auto length = static_cast<unsigned>(39 + random.below(25));
    const std::uint64_t power = std::uint64_t{1} << length;
    const std::uint64_t last = power >> 26;  // of the bits that count
    const std::uint64_t distance = (power | random.below(power)) & ~(last - 1);
    CAPTURE(distance);
    REQUIRE(NearContact::rounded(distance) == NearContact::rounded(distance + last - 1));
    if (distance + last != 0) {
      REQUIRE(NearContact::rounded(distance) < NearContact::rounded(distance + last));
    }
  }
}

TEST_CASE("a near contact is its contact and its distance", "[table]") {
  const NearContact contact(PeerRef{0xfedcba98U}, 0x0123456789abcdefU);
  CHECK(contact.peer() == PeerRef{0xfedcba98U});
  CHECK(contact.rounded_distance() == NearContact::rounded(0x0123456789abcdefU));
  CHECK(PeerRef(contact) == PeerRef{0xfedcba98U});
  CHECK(NearContact().peer() == kNoPeer);
}

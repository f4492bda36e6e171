#include "core/random/random_stream.hpp"
#include "core/random/probability.hpp"

#include <Random123/philox.h>

#include "tests/catch.hpp"

#include <vector>

using namespace kadsim;

TEST_CASE("the generator gives the published Philox4x64-10 vectors", "[random]") {
  using Philox = r123::Philox4x64;
  const auto run = [](std::uint64_t c0, std::uint64_t c1, std::uint64_t c2, std::uint64_t c3,
                      std::uint64_t k0, std::uint64_t k1) {
    const Philox::ctr_type counter = {{c0, c1, c2, c3}};
    const Philox::key_type key = {{k0, k1}};
    const auto out = Philox()(counter, key);
    return std::vector<std::uint64_t>{out[0], out[1], out[2], out[3]};
  };
  const std::uint64_t ones = ~std::uint64_t{0};
  CHECK(run(0, 0, 0, 0, 0, 0) == std::vector<std::uint64_t>{0x16554d9eca36314c, 0xdb20fe9d672d0fdc,
                                                            0xd7e772cee186176b,
                                                            0x7e68b68aec7ba23b});
  CHECK(run(ones, ones, ones, ones, ones, ones) ==
        std::vector<std::uint64_t>{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6,
                                   0xa09caebf594f0ba0});
  CHECK(run(0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89,
            0x452821e638d01377, 0xbe5466cf34e90c6c) ==
        std::vector<std::uint64_t>{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5,
                                   0x57bd43b5e52b7fe6});
}

TEST_CASE("a draw depends on its address alone", "[random]") {
  const RandomStream stream(7, 0, "link.delay");
  const std::uint64_t first = stream.bits({1, 2, 3});
  CHECK(stream.bits({1, 2, 4}) != first);
  CHECK(stream.bits({1, 3, 3}) != first);
  CHECK(stream.bits({2, 2, 3}) != first);
  CHECK(RandomStream(8, 0, "link.delay").bits({1, 2, 3}) != first);
  CHECK(RandomStream(7, 1, "link.delay").bits({1, 2, 3}) != first);
  CHECK(RandomStream(7, 0, "link.error").bits({1, 2, 3}) != first);
  CHECK(RandomStream(7, 0, "link.delay").bits({1, 2, 3}) == first);
}

TEST_CASE("bounded integers are uniform and stay below their bound", "[random]") {
  const RandomStream stream(1, 0, "test");
  for (const std::uint64_t bound : {1ULL, 2ULL, 3ULL, 7ULL, 10ULL}) {
    std::vector<std::uint64_t> seen(bound, 0);
    RandomSequence sequence(stream, {bound, 0, 0});
    const std::uint64_t draws = 10'000 * bound;
    for (std::uint64_t i = 0; i < draws; ++i) ++seen.at(sequence.below(bound));
    double chi_square = 0;
    for (const std::uint64_t n : seen) {
      const double off = static_cast<double>(n) - 10'000.0;
      chi_square += off * off / 10'000.0;
    }
    CHECK(chi_square < 30);  // nine degrees of freedom at the most: p = 0.0004
  }
  // A bound just above 2^63, where taking the remainder would double the weight of the lower half.
  const std::uint64_t bound = (std::uint64_t{1} << 63) + 1;
  RandomSequence sequence(stream, {9, 9, 9});
  int upper = 0;
  for (int i = 0; i < 10'000; ++i) upper += sequence.below(bound) >= bound / 2 ? 1 : 0;
  CHECK(upper > 4800);
  CHECK(upper < 5200);
}

TEST_CASE("a greater probability only adds successes", "[random]") {
  const RandomStream stream(3, 0, "test");
  int low = 0;
  int high = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = stream.bits({i, 0, 0});
    const bool at_low = Probability(15, 100).happens(bits);
    const bool at_high = Probability(3, 10).happens(bits);
    CHECK((!at_low || at_high));
    low += at_low ? 1 : 0;
    high += at_high ? 1 : 0;
  }
  CHECK(std::abs(low - 15'000) < 500);
  CHECK(std::abs(high - 30'000) < 700);
}

TEST_CASE("probability 0 never happens and 1 always does", "[random]") {
  const std::uint64_t ones = ~std::uint64_t{0};
  CHECK_FALSE(Probability(0, 1).happens(0));
  CHECK(Probability(1, 1).happens(ones));
  CHECK(Probability(5, 5).happens(ones));
  CHECK_FALSE(Probability(1, 2).happens(std::uint64_t{1} << 63));
  CHECK(Probability(1, 2).happens((std::uint64_t{1} << 63) - 1));
  CHECK_THROWS_AS(Probability(2, 1), AssertionError);
  CHECK_THROWS_AS(Probability(0, 0), AssertionError);
}

#include "core/random/random_stream.hpp"
#include "core/resource/go_libp2p/scope_refusal.hpp"
#include "tests/catch.hpp"

#include <algorithm>

using namespace kadsim;
using namespace kadsim::go_libp2p;

namespace {

constexpr std::uint32_t kLow = share_of(MemoryPriority::kLow);

}  // namespace

TEST_CASE("priorities have the shares that go-libp2p documents", "[go_libp2p_memory]") {
  CHECK(share_of(MemoryPriority::kLow) == 102);     // 39.8 %
  CHECK(share_of(MemoryPriority::kMedium) == 153);  // 59.8 %
  CHECK(share_of(MemoryPriority::kHigh) == 204);    // 79.7 %
  CHECK(share_of(MemoryPriority::kAlways) == 256);  // all
  CHECK(share_of(MemoryPriority{0}) == 1);
}

TEST_CASE("memory is granted up to its share of the limit and not a byte more",
          "[go_libp2p_memory]") {
  CHECK(fits(0, 102, 256, kLow));
  CHECK_FALSE(fits(0, 103, 256, kLow));
  CHECK(fits(100, 2, 256, kLow));
  CHECK_FALSE(fits(100, 3, 256, kLow));
  CHECK(fits(200, 56, 256));
  CHECK_FALSE(fits(200, 57, 256));
  // The share is rounded down: 102/256 of 5 is 1.99.
  CHECK(fits(0, 1, 5, kLow));
  CHECK_FALSE(fits(0, 2, 5, kLow));
}

TEST_CASE("nothing at all does not fit where more than the share is used", "[go_libp2p_memory]") {
  CHECK(fits(102, 0, 256, kLow));
  CHECK_FALSE(fits(103, 0, 256, kLow));
  CHECK(fits(0, 0, 0));
  CHECK_FALSE(fits(0, 1, 0));
}

TEST_CASE("neither sum nor product of what is asked for overflows", "[go_libp2p_memory]") {
  constexpr std::int64_t kMost = kUnlimited - 1;
  CHECK(fits(0, kMost, kMost));
  CHECK_FALSE(fits(1, kMost, kMost));
  CHECK_FALSE(fits(kMost, kUnlimited, kMost));
  // 102/256 of 2^63 - 2 is 3674937295934324735 and a bit.
  CHECK(fits(0, 3'674'937'295'934'324'735, kMost, kLow));
  CHECK_FALSE(fits(0, 3'674'937'295'934'324'736, kMost, kLow));
}

TEST_CASE("without a limit any share is the whole", "[go_libp2p_memory]") {
  CHECK(fits(kUnlimited - 1, 1, kUnlimited, 1));
  CHECK(fits(0, kUnlimited, kUnlimited, 1));
  CHECK_FALSE(fits(kUnlimited, 1, kUnlimited));
}

// Where nothing overflows, the share is a product shifted by 8 bits.
TEST_CASE("shares agree with shift arithmetic on 100,000 random limits", "[go_libp2p_memory]") {
  const RandomStream stream(1, 0, "test");
  RandomSequence random(stream, {});
  std::size_t granted = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto limit = static_cast<std::int64_t>(random.below(std::uint64_t{1} << 54));
    const auto bound = static_cast<std::uint64_t>(limit) + 1;
    const auto used = static_cast<std::int64_t>(random.below(bound));
    const auto share = static_cast<std::uint32_t>(random.below(256)) + 1;
    const std::int64_t room = (limit * share) >> 8;
    // Around the edge, where a difference of one shows.
    const auto amount =
        std::max<std::int64_t>(0, room - used + static_cast<std::int64_t>(random.below(3)) - 1);
    INFO(limit << " " << used << " " << share << " " << amount);
    const bool expected = used + amount <= room;
    granted += expected ? 1 : 0;
    REQUIRE(fits(used, amount, limit, share) == expected);
  }
  CHECK(granted > 20'000);
  CHECK(granted < 80'000);
}

TEST_CASE("a refusal says where, what and how much", "[go_libp2p_memory]") {
  using Reason = ScopeRefusal::Reason;
  ScopeRefusal refusal{
      .scope = "peer:QmA", .kind = Kind::kConnsInbound, .current = 8, .attempted = 1, .limit = 8};
  CHECK(refusal.text() ==
        "peer:QmA: ConnsInbound: limit exceeded (8 used, 1 more asked for, limit 8)");
  CHECK(refusal.temporary());
  refusal.kind = Kind::kMemory;
  refusal.priority = MemoryPriority::kLow;
  CHECK(refusal.text() ==
        "peer:QmA: Memory: limit exceeded (8 used, 1 more asked for with priority 101, limit 8)");
  CHECK(ScopeRefusal{.reason = Reason::kScopeClosed}.text() == "scope closed");
  CHECK_FALSE(ScopeRefusal{.reason = Reason::kScopeClosed}.temporary());
  CHECK(ScopeRefusal{.reason = Reason::kNoProtocol, .scope = "stream-1"}.text() ==
        "stream-1: a service needs a protocol first");
}

#include "core/base/slot_pool.hpp"

#include "core/base/growing_array.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <deque>
#include <vector>

namespace kadsim {
namespace {

TEST_CASE("the slot given back last is taken first, and a new one only if none is free",
          "[slot_pool]") {
  SlotPool<int> pool;
  CHECK(pool.take() == 0);
  CHECK(pool.take() == 1);
  CHECK(pool.take() == 2);
  pool.give_back(0);
  pool.give_back(2);
  CHECK(pool.in_use() == 1);
  CHECK(pool.take() == 2);
  CHECK(pool.take() == 0);
  CHECK(pool.take() == 3);
  CHECK(pool.size() == 4);
  CHECK(pool.in_use() == 4);
}

TEST_CASE("a slot keeps its object from one use to the next", "[slot_pool]") {
  SlotPool<std::vector<int>> pool;
  const std::uint32_t slot = pool.take();
  pool[slot] = {1, 2, 3};
  pool.give_back(slot);
  REQUIRE(pool.take(std::size_t{7}, 0) == slot);  // not new: the arguments make nothing
  CHECK(pool[slot] == std::vector<int>{1, 2, 3});
}

TEST_CASE("a new slot's object is made of the arguments", "[slot_pool]") {
  SlotPool<std::vector<int>> pool;
  const std::uint32_t slot = pool.take(std::size_t{2}, 5);
  CHECK(pool[slot] == std::vector<int>{5, 5});
}

struct Fixed {
  explicit Fixed(int of) : number(of) {}
  Fixed(const Fixed&) = delete;
  Fixed& operator=(const Fixed&) = delete;
  int number;
};

TEMPLATE_TEST_CASE("objects of a pool on a growing array or a deque never move", "[slot_pool]",
                   GrowingArray<Fixed>, std::deque<Fixed>) {
  SlotPool<Fixed, TestType> pool;
  const Fixed* const first = &pool[pool.take(0)];
  for (int i = 1; i < 100'000; ++i) pool.take(i);
  CHECK(first == &pool[0]);
  CHECK(pool[99'999].number == 99'999);
  pool.give_back(5);
  CHECK(pool.take(-1) == 5);
  CHECK(pool[5].number == 5);
}

}  // namespace
}  // namespace kadsim

#include "core/base/per_node.hpp"

#include "core/table/peer.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

namespace kadsim {
namespace {

template <class Container>
concept HasBegin = requires(Container& container) {
  container.begin();
};
template <class Container>
concept Iterable = requires(Container& container) {
  std::begin(container);
};

static_assert(HasBegin<std::vector<int>> && Iterable<std::vector<int>>);
static_assert(!HasBegin<PerNode<int>> && !HasBegin<const PerNode<int>>);
static_assert(!Iterable<PerNode<int>> && !Iterable<const PerNode<int>>);

TEST_CASE("a node's object is made when it is first asked for, and stays", "[per_node]") {
  PerNode<std::string> names;
  CHECK(names.find(std::uint32_t{3}) == nullptr);
  std::string& three = names.of(std::uint32_t{3}, std::size_t{2}, 'x');
  CHECK(three == "xx");
  for (std::uint32_t node = 100; node < 1'100; ++node) names.of(node);
  CHECK(&names.of(std::uint32_t{3}, std::size_t{9}, 'y') == &three);
  CHECK(three == "xx");
  CHECK(names.find(std::uint32_t{3}) == &three);
  CHECK(names.find(std::uint32_t{4}) == nullptr);
}

TEST_CASE("a node is named by its number or by its reference", "[per_node]") {
  PerNode<int> counts;
  counts.of(PeerRef{7}) = 5;
  CHECK(counts.of(std::uint32_t{7}) == 5);
  const PerNode<int>& read_only = counts;
  REQUIRE(read_only.find(PeerRef{7}) != nullptr);
  CHECK(*read_only.find(PeerRef{7}) == 5);
  CHECK(read_only.find(PeerRef{8}) == nullptr);
}

}  // namespace
}  // namespace kadsim

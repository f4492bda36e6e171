#include "core/table/contacts_by_distance.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

void ContactsByDistance::grow_room(std::uint32_t most) {
  ContactsByDistance larger;
  larger.room_ = std::max(most, room_ + room_ / 2);
  const std::size_t lines = (larger.bytes() + sizeof(Line) - 1) / sizeof(Line);
  larger.memory_ = std::make_unique_for_overwrite<Line[]>(lines);
  std::ranges::copy(distances(), larger.distances_begin());
  std::ranges::copy(peers(), larger.peers_begin());
  larger.size_ = size_;
  *this = std::move(larger);
}

}  // namespace kadsim

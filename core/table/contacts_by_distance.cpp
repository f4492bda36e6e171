#include "core/table/contacts_by_distance.hpp"

#include <algorithm>

namespace kadsim {

void ContactsByDistance::grow_room(std::uint32_t most) {
  const std::uint32_t room = std::max(most, room_ + room_ / 2);
  void* const bytes = ::operator new (room * sizeof(NearContact), std::align_val_t{kCacheLine});
  auto* const memory = static_cast<NearContact*>(bytes);
  std::uninitialized_copy_n(memory_.get(), size_, memory);
  memory_.reset(memory);
  room_ = room;
}

}  // namespace kadsim

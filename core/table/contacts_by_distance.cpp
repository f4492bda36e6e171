#include "core/table/contacts_by_distance.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {

void ContactsByDistance::grow_room(std::uint32_t most) {
  ContactsByDistance larger;
  larger.room_ = std::max(most, room_ + room_ / 2);
  void* const bytes =
      ::operator new (larger.room_ * sizeof(NearContact), std::align_val_t{kCacheLine});
  larger.memory_.reset(static_cast<NearContact*>(bytes));
  std::uninitialized_copy_n(memory_.get(), size_, larger.memory_.get());
  larger.size_ = size_;
  *this = std::move(larger);
}

}  // namespace kadsim

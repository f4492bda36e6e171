#include "core/event/entry_blocks.hpp"

#include "core/base/assert.hpp"

namespace kadsim {

std::uint32_t EntryBlocks::open_block(std::uint32_t before) {
  std::uint32_t opened = free_;
  if (opened == kNone) {
    // The end of a chain is a number of places, which has to fit into 32 bits.
    KADSIM_ASSERT(blocks_.size() < kNone / kPlaces, "2^32 entries pending");
    opened = blocks_.append();
  } else {
    free_ = blocks_[opened].before;
  }
  blocks_[opened].before = before;
  return opened * kPlaces + 1;
}

}  // namespace kadsim

#include "core/event/entry_chain.hpp"

namespace kadsim {

void EntryBlocks::add_chunk() {
  const auto first = static_cast<std::uint32_t>(chunks_.size() * kBlocksPerChunk);
  chunks_.push_back(std::make_unique<Block[]>(kBlocksPerChunk));
  for (std::uint32_t i = kBlocksPerChunk; i-- > 0;) {
    if (first + i == kNone) continue;
    block(first + i).next = free_;
    free_ = first + i;
  }
}

}  // namespace kadsim

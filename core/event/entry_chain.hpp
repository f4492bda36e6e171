#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/base/growing_array.hpp"
#include "core/base/prefetch.hpp"
#include "core/event/event_entry.hpp"

namespace kadsim {

/// Memory for many unsorted lists of entries, some long, most short or empty: blocks of 63,
/// shared by all lists. What one list gives back another takes, so after a while nothing is
/// allocated.
class EntryBlocks {
 public:
  /// One list. Belongs to the blocks that its entries were appended through.
  struct Chain {
    /// Place of the next entry, counted through all blocks, 64 places a block, the first of which
    /// leads to the block before. So a multiple of 64 says that the next entry needs a new block.
    std::uint32_t end = 0;
  };

  /// O(1).
  void append(Chain& chain, EventEntry entry) {
    if (chain.end % kPlaces == 0) chain.end = open_block(chain.end);
    blocks_[chain.end / kPlaces].entries[chain.end % kPlaces - 1] = entry;
    ++chain.end;
  }

  /// Calls `visit(entries)` for the entries of each block of `chain`, newest block first. The
  /// blocks are given back on the way. `visit` may append to other chains. The order of visits
  /// follows from the order of appends alone.
  template <class Visit>
  void drain(Chain chain, Visit&& visit) {
    while (chain.end != 0) {
      const std::uint32_t index = (chain.end - 1) / kPlaces;
      Block& block = blocks_[index];
      if (block.before != 0) prefetch(&blocks_[block.before / kPlaces - 1], sizeof(Block));
      visit(std::span<const EventEntry>(block.entries.data(), (chain.end - 1) % kPlaces));
      chain.end = block.before;
      block.before = free_;
      free_ = index;
    }
  }

 private:
  static constexpr std::uint32_t kPlaces = 64;
  static constexpr std::uint32_t kNone = 0xffffffffU;

  struct alignas(kCacheLine) Block {
    std::uint32_t before = 0;  ///< a chain's: its end in the block before; a free one's: the next
    std::array<EventEntry, kPlaces - 1> entries;
  };

  /// Its first place for an entry; `before` is the end of a full block, or 0.
  std::uint32_t open_block(std::uint32_t before);

  GrowingArray<Block> blocks_;
  std::uint32_t free_ = kNone;
};

}  // namespace kadsim

#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/base/growing_array.hpp"
#include "core/base/prefetch.hpp"
#include "core/event/event_entry.hpp"

namespace kadsim {

/// Memory for many unsorted lists of entries, some long, most short or empty. It is made up of
/// blocks of 63 entries, which all lists share: a list is a chain of blocks, and a block that one
/// list gives back is taken by the next list that needs one. So once there are as many blocks as
/// were ever in use at the same time, nothing is allocated any more. Free blocks are linked by the
/// member that links the blocks of a list, so a SlotPool would only add memory.
class EntryBlocks {
 public:
  /// One list. It is valid only with the EntryBlocks that its entries were appended through.
  struct Chain {
    /// The place of the next entry. Places are counted through all blocks, 64 for each block; the
    /// first of them holds the link to the block before. So a multiple of 64 means that the next
    /// entry needs a new block, and 0 that the list is empty.
    std::uint32_t end = 0;
  };

  /// Adds an entry at the end of the list. O(1), amortised over the allocation of blocks.
  void append(Chain& chain, EventEntry entry) {
    if (chain.end % kPlaces == 0) chain.end = open_block(chain.end);
    blocks_[chain.end / kPlaces].entries[chain.end % kPlaces - 1] = entry;
    ++chain.end;
  }

  /// Calls `visit(entries)` for the entries of each block of `chain`, newest block first. Each
  /// block is given back after its visit. `visit` may append to other chains. The order of visits
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
    std::uint32_t before = 0;  ///< in a chain: its end in the block before; if free: the next free
    std::array<EventEntry, kPlaces - 1> entries;
  };

  /// Takes a free block, or makes one, and returns its first place for an entry. `before` is the
  /// end of the full block that it follows in its chain, or 0.
  std::uint32_t open_block(std::uint32_t before);

  GrowingArray<Block> blocks_;
  std::uint32_t free_ = kNone;
};

}  // namespace kadsim

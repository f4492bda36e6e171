#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/fetch.hpp"
#include "core/event/event_entry.hpp"

namespace kadsim {

/// Memory for many unsorted lists of entries, some long, most short or empty: blocks of 31,
/// shared by all lists. What one list gives back another takes, so after a while nothing is
/// allocated.
class EntryBlocks {
 public:
  /// One list. Belongs to the blocks that its entries were appended through.
  struct Chain {
    std::uint32_t last = 0;  ///< block; the others follow from it, newest first
    std::uint32_t count = 0;
  };

  /// O(1).
  void append(Chain& chain, const EventEntry& entry) {
    const std::uint32_t place = chain.count % kEntries;
    if (place == 0) chain.last = take_block(chain.last);
    block(chain.last).entries[place] = entry;
    ++chain.count;
  }

  /// Calls `visit(entry)` for each entry of `chain`, whose blocks are given back on the way.
  /// `visit` may append to other chains. The order of visits follows from the order of appends
  /// alone.
  template <class Visit>
  void drain(Chain chain, Visit&& visit) {
    while (chain.count > 0) {
      const std::uint32_t used = (chain.count - 1) % kEntries + 1;
      Block& visited = block(chain.last);
      fetch(&block(visited.next), sizeof(Block));
      for (std::uint32_t i = 0; i < used; ++i) visit(visited.entries[i]);
      const std::uint32_t next = visited.next;
      visited.next = free_;
      free_ = chain.last;
      chain.last = next;
      chain.count -= used;
    }
  }

 private:
  static constexpr std::uint32_t kEntries = 31;
  static constexpr std::uint32_t kBlocksPerChunk = 64;
  static constexpr std::uint32_t kNone = 0;  // block 0 is never used

  struct Block {
    std::array<EventEntry, kEntries> entries;
    std::uint32_t next = kNone;
  };

  Block& block(std::uint32_t index) {
    return chunks_[index / kBlocksPerChunk][index % kBlocksPerChunk];
  }
  std::uint32_t take_block(std::uint32_t next) {
    if (free_ == kNone) add_chunk();
    const std::uint32_t taken = free_;
    free_ = block(taken).next;
    block(taken).next = next;
    return taken;
  }
  void add_chunk();

  std::vector<std::unique_ptr<Block[]>> chunks_;  // blocks do not move
  std::uint32_t free_ = kNone;
};

}  // namespace kadsim

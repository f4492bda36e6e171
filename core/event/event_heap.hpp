#pragma once

#include <cstddef>
#include <vector>

#include "core/event/event_entry.hpp"

namespace kadsim {

/// A priority queue of events, the least key first: a 4-ary heap. Half the depth of a binary one,
/// and the four children lie in two cache lines. Push and pop are O(log n).
class EventHeap {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  /// Pre: not empty.
  [[nodiscard]] const RankedEntry& top() const { return heap_.front(); }

  void push(EventEntry entry, EventRank rank) {
    const RankedEntry moving{entry, rank};
    std::size_t at = heap_.size();
    heap_.emplace_back();
    while (at > 0) {
      const std::size_t parent = (at - 1) / kArity;
      if (heap_[parent] < moving) break;
      heap_[at] = heap_[parent];
      at = parent;
    }
    heap_[at] = moving;
  }

  /// Pre: not empty.
  void pop() {
    heap_.front() = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(0);
  }

  /// Drops every entry for which `dead(entry)` holds. O(n).
  template <class Predicate>
  void remove_if(Predicate dead) {
    std::erase_if(heap_, dead);
    for (std::size_t i = heap_.size() / kArity + 1; i-- > 0;) sift_down(i);
  }

  /// Empties the heap and the other, exchanging their memory: `other` gets the entries, in no
  /// order. Pre: other is empty.
  void move_to(std::vector<RankedEntry>& other) { heap_.swap(other); }
  void reserve(std::size_t entries) { heap_.reserve(entries); }

 private:
  static constexpr std::size_t kArity = 4;

  void sift_down(std::size_t at);

  std::vector<RankedEntry> heap_;
};

}  // namespace kadsim

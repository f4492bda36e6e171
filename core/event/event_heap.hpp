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
  [[nodiscard]] const EventEntry& top() const { return heap_.front(); }

  void push(const EventEntry& entry) {
    heap_.push_back(entry);
    sift_up(heap_.size() - 1);
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
  void move_to(std::vector<EventEntry>& other) { heap_.swap(other); }
  void reserve(std::size_t entries) { heap_.reserve(entries); }

 private:
  static constexpr std::size_t kArity = 4;

  void sift_up(std::size_t at);
  void sift_down(std::size_t at);

  std::vector<EventEntry> heap_;
};

}  // namespace kadsim

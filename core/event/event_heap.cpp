#include "core/event/event_heap.hpp"

#include <algorithm>

namespace kadsim {

// Both move a hole instead of swapping: one copy a level.

void EventHeap::sift_up(std::size_t at) {
  const EventEntry moving = heap_[at];
  while (at > 0) {
    const std::size_t parent = (at - 1) / kArity;
    if (heap_[parent].key < moving.key) break;
    heap_[at] = heap_[parent];
    at = parent;
  }
  heap_[at] = moving;
}

void EventHeap::sift_down(std::size_t at) {
  if (at >= heap_.size()) return;
  const EventEntry moving = heap_[at];
  for (;;) {
    const std::size_t first = at * kArity + 1;
    if (first >= heap_.size()) break;
    const std::size_t last = std::min(first + kArity, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < last; ++child) {
      if (heap_[child].key < heap_[least].key) least = child;
    }
    if (moving.key < heap_[least].key) break;
    heap_[at] = heap_[least];
    at = least;
  }
  heap_[at] = moving;
}

}  // namespace kadsim

#include "core/event/event_heap.hpp"

#include <algorithm>

namespace kadsim {

// Moves a hole instead of swapping, as does `push`: one copy a level.
void EventHeap::sift_down(std::size_t at) {
  if (at >= heap_.size()) return;
  const RankedEntry moving = heap_[at];
  for (;;) {
    const std::size_t first = at * kArity + 1;
    if (first >= heap_.size()) break;
    const std::size_t last = std::min(first + kArity, heap_.size());
    std::size_t least = first;
    for (std::size_t child = first + 1; child < last; ++child) {
      if (heap_[child] < heap_[least]) least = child;
    }
    if (moving < heap_[least]) break;
    heap_[at] = heap_[least];
    at = least;
  }
  heap_[at] = moving;
}

}  // namespace kadsim

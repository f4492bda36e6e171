#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/time/time.hpp"

namespace kadsim {

/// Place of an event in the total order: by time, then by `order`, then first come, first served.
struct EventKey {
  SimTime time;
  std::uint64_t order = 0;
  std::uint64_t sequence = 0;  ///< counts what was pushed; unique

  constexpr auto operator<=>(const EventKey&) const = default;
};

/// A priority queue of events: the least key first.
///
/// A 4-ary heap: half the depth of a binary one, and the four children lie in two cache lines. Push
/// and pop are O(log n). An entry can't be taken out of the middle; whoever cancels marks its slot
/// and skips the entry later, or calls `remove_if`.
class EventQueue {
 public:
  struct Entry {
    EventKey key;
    std::uint32_t slot = 0;
    std::uint32_t generation = 0;
  };

  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  /// Pre: not empty.
  [[nodiscard]] const Entry& top() const { return heap_.front(); }

  void push(const Entry& entry) {
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

 private:
  static constexpr std::size_t kArity = 4;

  void sift_up(std::size_t at);
  void sift_down(std::size_t at);

  std::vector<Entry> heap_;
};

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace kadsim {

/// Objects that are taken and given back, each known by the index of its slot, which stays the same
/// while it is taken. Slots are made when none is free, and never unmade.
///
/// - The slot given back last is taken first; a new one is made only if none is free, with the next
///   index. So indices depend on the order of calls alone.
/// - A slot keeps its object when it is given back, and has it when it is taken again: what must
///   outlive a use (a generation, memory) stays, and everything else is to be assigned.
/// - Giving back allocates nothing.
///
/// `Slots` holds the objects: a std::vector, in which `take` may move them, or one in which they
/// never move: a GrowingArray (core/base/growing_array.hpp) where there are many, a std::deque
/// where a pool is small. O(1) a call, amortised where a slot is made. At most 2^32 - 1 slots.
template <class T, class Slots = std::vector<T>>
class SlotPool {
 public:
  /// The index of a slot that was not taken. Its object is made of these arguments if the slot is
  /// new, and else what its last use left.
  template <class... Arguments>
  std::uint32_t take(Arguments&&... arguments) {
    if (free_.empty()) return make(std::forward<Arguments>(arguments)...);
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return index;
  }
  /// Pre: the slot is taken.
  void give_back(std::uint32_t index) { free_.push_back(index); }

  /// Pre: index < size().
  T& operator[](std::uint32_t index) { return slots_[index]; }
  const T& operator[](std::uint32_t index) const { return slots_[index]; }
  /// Slots that were ever made: the indices below it.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(slots_.size()); }
  /// Slots that are taken.
  [[nodiscard]] std::uint32_t in_use() const {
    return size() - static_cast<std::uint32_t>(free_.size());
  }

 private:
  template <class... Arguments>
  std::uint32_t make(Arguments&&... arguments) {
    const std::uint32_t index = size();
    if constexpr (requires { slots_.append(std::forward<Arguments>(arguments)...); }) {
      slots_.append(std::forward<Arguments>(arguments)...);
    } else {
      slots_.emplace_back(std::forward<Arguments>(arguments)...);
    }
    if (free_.capacity() <= index) free_.reserve(std::size_t{index} * 2 + 1);
    return index;
  }

  Slots slots_;
  std::vector<std::uint32_t> free_;
};

}  // namespace kadsim

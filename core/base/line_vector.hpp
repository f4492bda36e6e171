#pragma once

#include <cstddef>
#include <new>
#include <vector>

#include "core/base/fetch.hpp"

namespace kadsim {

/// Gives memory that begins with a cache line.
template <class T>
struct LineAllocator {
  using value_type = T;

  LineAllocator() = default;
  template <class U>
  explicit LineAllocator(const LineAllocator<U>&) {}

  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new (count * sizeof(T), std::align_val_t{kCacheLine}));
  }
  void deallocate(T* memory, std::size_t) {
    ::operator delete (memory, std::align_val_t{kCacheLine});
  }
  friend bool operator==(const LineAllocator&, const LineAllocator&) { return true; }
};

/// A vector whose first elements take as few cache lines as they can.
template <class T>
using LineVector = std::vector<T, LineAllocator<T>>;

}  // namespace kadsim

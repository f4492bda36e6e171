#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "core/base/prefetch.hpp"

namespace kadsim {

/// Two arrays of plain values, equally long, in one piece of memory that begins with a cache line:
/// rows whose halves are read apart. 16 bytes by itself. At most 2^32 - 1 rows; throws
/// std::bad_alloc.
template <class A, class B>
class PairedArrays {
  static_assert(std::is_trivially_copyable_v<A> && std::is_trivially_copyable_v<B>);
  static_assert(alignof(B) <= alignof(A) && alignof(A) <= kCacheLine);

 public:
  PairedArrays() = default;
  /// The object that is moved from has no rows and no room afterwards.
  PairedArrays(PairedArrays&& other) noexcept
      : memory_(std::move(other.memory_)),
        room_(std::exchange(other.room_, 0)),
        size_(std::exchange(other.size_, 0)) {}
  PairedArrays& operator=(PairedArrays&& other) noexcept {
    memory_ = std::move(other.memory_);
    room_ = std::exchange(other.room_, 0);
    size_ = std::exchange(other.size_, 0);
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] A* first() const { return reinterpret_cast<A*>(memory_.get()); }
  [[nodiscard]] B* second() const { return reinterpret_cast<B*>(first() + room_); }

  /// Sets the number of rows; the rows that are there stay, new ones have any value. Pre: there is
  /// room.
  void resize(std::size_t size) { size_ = static_cast<std::uint32_t>(size); }
  /// Makes room for so many rows; if that takes an allocation, for more rows than that.
  void reserve_more(std::size_t room) {
    if (room > room_) reserve(std::max<std::size_t>(room, room_ + room_ / 2));
  }
  /// Makes room for so many rows in all. Rows behind `size()` may be written, up to the room; they
  /// do not outlive an allocation.
  void reserve(std::size_t room) {
    if (room <= room_) return;
    PairedArrays larger;
    larger.memory_.reset(static_cast<std::byte*>(
        ::operator new (room*(sizeof(A) + sizeof(B)), std::align_val_t{kCacheLine})));
    larger.room_ = static_cast<std::uint32_t>(room);
    larger.size_ = size_;
    std::uninitialized_copy_n(first(), size_, larger.first());
    std::uninitialized_copy_n(second(), size_, larger.second());
    *this = std::move(larger);
  }

 private:
  struct Free {
    void operator()(std::byte* memory) const {
      ::operator delete (memory, std::align_val_t{kCacheLine});
    }
  };

  std::unique_ptr<std::byte[], Free> memory_;
  std::uint32_t room_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace kadsim

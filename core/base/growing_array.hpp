#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "core/base/huge_page_array.hpp"

namespace kadsim {

/// An array that grows at its end and whose elements never move. Where element i lies is known
/// without reading far memory, which an array of pointers would need; so it can be prefetched.
///
/// Chunks of up to 64 KB. The first 64 are allocated one by one, so that a small array takes
/// little; from there on 64 at a time, on huge pages if there are any, so that scattered accesses
/// find their pages. Append and access are O(1). At most 2^32 elements; throws std::bad_alloc.
template <class T>
class GrowingArray {
 public:
  GrowingArray() = default;
  GrowingArray(const GrowingArray&) = delete;
  GrowingArray& operator=(const GrowingArray&) = delete;
  ~GrowingArray() {
    while (size_ > 0) (*this)[--size_].~T();
  }

  [[nodiscard]] std::uint32_t size() const { return size_; }
  /// Pre: index < size().
  T& operator[](std::uint32_t index) { return chunks_[index / kChunk][index % kChunk]; }
  const T& operator[](std::uint32_t index) const { return chunks_[index / kChunk][index % kChunk]; }
  /// Appends an element made of these arguments, and returns its index.
  template <class... Arguments>
  std::uint32_t append(Arguments&&... arguments) {
    if (size_ / kChunk == chunks_.size()) add_chunks();
    ::new (static_cast<void*>(&(*this)[size_])) T(std::forward<Arguments>(arguments)...);
    return size_++;
  }

 private:
  static constexpr std::size_t kChunksAtOnce = 64;
  // A power of two, or an access would have to divide.
  static constexpr std::uint32_t kChunk =
      std::bit_floor(static_cast<std::uint32_t>((std::size_t{64} << 10) / sizeof(T)));
  static constexpr std::size_t kChunkBytes = kChunk * sizeof(T);

  struct Free {
    bool huge = false;
    void operator()(T* memory) const noexcept {
      if (huge) {
        free_huge(memory, kChunksAtOnce * kChunkBytes);
      } else {
        ::operator delete (memory, std::align_val_t{alignof(T)});
      }
    }
  };
  using Memory = std::unique_ptr<T, Free>;

  void add_chunks() {
    const bool huge = chunks_.size() >= kChunksAtOnce;
    const std::size_t count = huge ? kChunksAtOnce : 1;
    void* const bytes = huge ? allocate_huge(count * kChunkBytes)
                             : ::operator new (kChunkBytes, std::align_val_t{alignof(T)});
    Memory memory(static_cast<T*>(bytes), Free{huge});
    memory_.push_back(std::move(memory));
    for (std::size_t i = 0; i < count; ++i) chunks_.push_back(memory_.back().get() + i * kChunk);
  }

  std::vector<Memory> memory_;  // elements live in it up to size_
  std::vector<T*> chunks_;      // into it
  std::uint32_t size_ = 0;
};

}  // namespace kadsim

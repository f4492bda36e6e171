#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include "core/base/huge_page_array.hpp"

namespace kadsim {

/// An array that grows at its end and whose elements never move: chunks of some 4 MB, of which a
/// page counts only once it is written. All chunks but the first lie on huge pages, if there are
/// any: small arrays stay small, and scattered accesses to large ones find their pages.
/// Append and access are O(1). At most 2^32 elements; throws std::bad_alloc.
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
  T& operator[](std::uint32_t index) { return chunks_[index / kChunk].get()[index % kChunk]; }
  const T& operator[](std::uint32_t index) const {
    return chunks_[index / kChunk].get()[index % kChunk];
  }
  /// One more, made by its default constructor. Its index.
  std::uint32_t append() {
    if (size_ / kChunk == chunks_.size()) add_chunk();
    ::new (static_cast<void*>(&(*this)[size_])) T();
    return size_++;
  }

 private:
  static constexpr std::uint32_t kChunk = (std::uint32_t{4} << 20) / sizeof(T);
  static_assert((kChunk & (kChunk - 1)) == 0, "or an access would have to divide");

  struct Free {
    bool huge = false;
    void operator()(T* memory) const noexcept {
      if (huge) {
        free_huge(memory, kChunk * sizeof(T));
      } else {
        ::operator delete (memory, std::align_val_t{alignof(T)});
      }
    }
  };

  void add_chunk() {
    const bool huge = !chunks_.empty();
    constexpr std::size_t kBytes = kChunk * sizeof(T);
    void* const memory =
        huge ? allocate_huge(kBytes) : ::operator new (kBytes, std::align_val_t{alignof(T)});
    std::unique_ptr<T, Free> chunk(static_cast<T*>(memory), Free{huge});
    chunks_.push_back(std::move(chunk));
  }

  std::vector<std::unique_ptr<T, Free>> chunks_;  // memory; elements live in it up to size_
  std::uint32_t size_ = 0;
};

}  // namespace kadsim

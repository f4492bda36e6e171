#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace kadsim {

/// Memory of so many bytes, not initialised: a page is placed in physical memory when it is first
/// written. From a few MB on it is aligned to huge pages and the system is asked for them, which
/// makes first writes and scattered reads cheaper. Throws std::bad_alloc.
void* allocate_huge(std::size_t bytes);
void free_huge(void* memory, std::size_t bytes) noexcept;
/// Asks for huge pages for the part of this memory that consists of whole huge pages. To be called
/// before the memory is written.
void advise_huge(void* memory, std::size_t bytes) noexcept;

/// A vector of so many default values on huge pages, as long as it doesn't grow.
template <class T>
std::vector<T> huge_page_vector(std::size_t size) {
  std::vector<T> items;
  items.reserve(size);
  advise_huge(items.data(), size * sizeof(T));
  items.resize(size);
  return items;
}

/// An array of plain values in such memory, not initialised.
template <class T>
class HugePageArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  HugePageArray() = default;
  explicit HugePageArray(std::size_t size)
      : items_(static_cast<T*>(allocate_huge(size * sizeof(T))), Free{size * sizeof(T)}),
        size_(size) {}

  [[nodiscard]] T* data() const { return items_.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::size_t bytes() const { return size_ * sizeof(T); }
  T& operator[](std::size_t i) const { return items_.get()[i]; }

 private:
  struct Free {
    std::size_t bytes = 0;
    void operator()(T* items) const noexcept { free_huge(items, bytes); }
  };
  std::unique_ptr<T, Free> items_;
  std::size_t size_ = 0;
};

}  // namespace kadsim

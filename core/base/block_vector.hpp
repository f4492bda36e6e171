#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace kadsim {

/// A vector that only grows and whose elements never move. Where element i lies is known without
/// reading far memory, which a vector of pointers would need; so it can be asked for ahead.
template <class T>
class BlockVector {
 public:
  BlockVector() = default;
  BlockVector(const BlockVector&) = delete;
  BlockVector& operator=(const BlockVector&) = delete;
  ~BlockVector() {
    for (std::size_t i = 0; i < size_; ++i) (*this)[i].~T();
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  /// Pre: i < size().
  [[nodiscard]] T& operator[](std::size_t i) const {
    return *std::launder(reinterpret_cast<T*>(place(i)));
  }
  template <class... Arguments>
  T& emplace_back(Arguments&&... arguments) {
    if (size_ == blocks_.size() * kElements) blocks_.push_back(std::make_unique<Block>());
    T* made = ::new (static_cast<void*>(place(size_))) T(std::forward<Arguments>(arguments)...);
    ++size_;
    return *made;
  }

 private:
  static constexpr std::size_t kElements = 64;
  struct Block {
    Block() {}  // not filled
    alignas(T) std::array<std::byte, kElements * sizeof(T)> room;
  };
  [[nodiscard]] std::byte* place(std::size_t i) const {
    return blocks_[i / kElements]->room.data() + i % kElements * sizeof(T);
  }

  std::vector<std::unique_ptr<Block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace kadsim

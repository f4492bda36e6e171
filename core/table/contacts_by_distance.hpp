#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>

#include "core/base/prefetch.hpp"
#include "core/table/near_contact.hpp"

namespace kadsim {

/// Contacts, nearest to some target first: what a routing table answers. Its memory grows and is
/// kept.
class ContactsByDistance {
 public:
  ContactsByDistance() = default;
  ContactsByDistance(const ContactsByDistance&) = delete;
  ContactsByDistance& operator=(const ContactsByDistance&) = delete;

  /// Removes all contacts.
  void clear() { size_ = 0; }
  /// Makes room for so many contacts. Pre: most < 2^32.
  void reserve(std::size_t most) {
    if (most > room_) grow_room(static_cast<std::uint32_t>(most));
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const NearContact> contacts() const { return {memory_.get(), size_}; }
  /// Prefetches the memory of as many contacts as there is room for.
  void prefetch() const { kadsim::prefetch(memory_.get(), room_ * sizeof(NearContact)); }

  /// The place behind the last contact, to be written; `grow` then adds what was written. Pre:
  /// there is room.
  [[nodiscard]] NearContact* end() { return memory_.get() + size_; }
  void grow(std::size_t written) { size_ += static_cast<std::uint32_t>(written); }

 private:
  struct Free {
    void operator()(NearContact* memory) const {
      ::operator delete (memory, std::align_val_t{kCacheLine});
    }
  };

  void grow_room(std::uint32_t most);

  std::unique_ptr<NearContact[], Free> memory_;
  std::uint32_t room_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace kadsim

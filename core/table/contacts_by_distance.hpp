#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "core/base/fetch.hpp"
#include "core/table/peer.hpp"

namespace kadsim {

/// Contacts, nearest to some target first, and how far they are: what a routing table answers.
///
/// Each comes with the upper 64 bits of its XOR distance, so that whoever merges an answer into
/// what he knows need not look up any hash. Memory is one piece, which grows and is kept.
class ContactsByDistance {
 public:
  /// Forgets all.
  void clear() { size_ = 0; }
  /// Makes room for so many. Pre: most < 2^32.
  void reserve(std::size_t most) {
    if (most > room_) grow_room(static_cast<std::uint32_t>(most));
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const PeerRef> peers() const { return {peers_begin(), size_}; }
  /// Of the same contacts.
  [[nodiscard]] std::span<const std::uint64_t> distances() const {
    return {distances_begin(), size_};
  }
  /// Asks for the memory of as many as there is room for.
  void fetch() const { kadsim::fetch(memory_.get(), bytes()); }

  /// Places behind the last, to be written; `grow` then counts them in. Pre: there is room.
  [[nodiscard]] PeerRef* peers_end() { return peers_begin() + size_; }
  [[nodiscard]] std::uint64_t* distances_end() { return distances_begin() + size_; }
  void grow(std::size_t written) { size_ += static_cast<std::uint32_t>(written); }

 private:
  void grow_room(std::uint32_t most);

  struct alignas(kCacheLine) Line {
    std::byte bytes[kCacheLine];
  };

  // Distances first, then contacts.
  [[nodiscard]] std::uint64_t* distances_begin() const {
    return reinterpret_cast<std::uint64_t*>(memory_.get());
  }
  [[nodiscard]] PeerRef* peers_begin() const {
    return reinterpret_cast<PeerRef*>(distances_begin() + room_);
  }
  [[nodiscard]] std::size_t bytes() const {
    return room_ * (sizeof(std::uint64_t) + sizeof(PeerRef));
  }

  std::unique_ptr<Line[]> memory_;
  std::uint32_t room_ = 0;
  std::uint32_t size_ = 0;
};

}  // namespace kadsim

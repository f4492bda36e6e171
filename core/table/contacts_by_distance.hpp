#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/table/peer.hpp"

namespace kadsim {

/// Contacts, nearest to some target first, and how far they are: what a routing table answers.
///
/// Each comes with the upper 64 bits of its XOR distance, so that whoever merges an answer into
/// what he knows need not look up any hash. Room is made once for all; the rest allocates nothing.
class ContactsByDistance {
 public:
  /// Forgets all, and makes room for so many.
  void start(std::size_t most) {
    size_ = 0;
    if (peers_.size() < most) {
      peers_.resize(most);
      distances_.resize(most);
    }
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const PeerRef> peers() const { return std::span(peers_).first(size_); }
  /// Of the same contacts.
  [[nodiscard]] std::span<const std::uint64_t> distances() const {
    return std::span(distances_).first(size_);
  }
  /// Asks for the memory of the first so many.
  void fetch(std::size_t contacts) const {
    kadsim::fetch(peers_.data(), contacts * sizeof(PeerRef));
    kadsim::fetch(distances_.data(), contacts * sizeof(std::uint64_t));
  }

  /// Places behind the last, to be written; `grow` then counts them in. Pre: there is room.
  [[nodiscard]] PeerRef* peers_end() { return peers_.data() + size_; }
  [[nodiscard]] std::uint64_t* distances_end() { return distances_.data() + size_; }
  void grow(std::size_t written) { size_ += written; }

 private:
  std::size_t size_ = 0;
  std::vector<PeerRef> peers_;
  std::vector<std::uint64_t> distances_;
};

}  // namespace kadsim

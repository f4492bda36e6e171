#pragma once

#include <compare>
#include <string>

#include "core/hash/hash.hpp"

namespace kadsim {

/// Bits `first` to `first + length - 1` of a hash, most significant first. A view: it owns nothing
/// and must not outlive the hash. Takes the place of py-dht's BitArray, which copied a hash into a
/// list of booleans.
class BitView {
 public:
  /// The bits [first, first + length) of `hash`; first + length <= 256.
  BitView(const Hash& hash, unsigned first, unsigned length);

  [[nodiscard]] unsigned size() const { return length_; }
  /// i < size().
  [[nodiscard]] bool operator[](unsigned i) const { return hash_->bit(first_ + i); }
  [[nodiscard]] BitView prefix(unsigned length) const;
  [[nodiscard]] BitView suffix_from(unsigned first) const;

  /// How many bits at the front of both are equal, at most the shorter length. O(length).
  [[nodiscard]] unsigned upper_sharing_bits(const BitView& other) const;

  /// "0110...", one character a bit.
  [[nodiscard]] std::string to_string() const;

 private:
  const Hash* hash_;
  unsigned first_;
  unsigned length_;
};

/// The upper bits of a hash as a value of its own: a prefix, 0 to 256 bits long. Bits past its
/// length are 0.
class BitArray {
 public:
  BitArray() = default;
  /// All 256 bits.
  explicit BitArray(const Hash& hash) : BitArray(hash, Hash::kBits) {}
  /// The upper `length` bits, length <= 256.
  BitArray(const Hash& hash, unsigned length);

  [[nodiscard]] unsigned size() const { return length_; }
  [[nodiscard]] bool operator[](unsigned i) const { return bits_.bit(i); }
  [[nodiscard]] BitView view() const& { return BitView(bits_, 0, length_); }
  BitView view() const&& = delete;  // a view of a temporary would dangle

  /// Length of the shared prefix, at most the shorter length. O(1).
  [[nodiscard]] unsigned upper_sharing_bits(const BitArray& other) const;
  /// The smallest hash that starts with these bits.
  [[nodiscard]] const Hash& lowest() const { return bits_; }
  [[nodiscard]] std::string to_string() const { return view().to_string(); }

  bool operator==(const BitArray&) const = default;

 private:
  Hash bits_;
  unsigned length_ = 0;
};

}  // namespace kadsim

#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kadsim {

/// A point of the identifier space: 256 bits, bit 0 the most significant.
///
/// Ordered as an unsigned big-endian number, which is also the order of XOR distances. Stored as
/// four 64-bit words, the most significant first, so that comparing, XOR and counting shared bits
/// take a few instructions.
class Hash {
 public:
  static constexpr unsigned kBits = 256;
  using Words = std::array<std::uint64_t, 4>;

  constexpr Hash() = default;
  explicit constexpr Hash(const Words& words) : words_(words) {}

  /// SHA-256 of the bytes of `name`. Thread-safe.
  static Hash of_name(std::string_view name);
  static Hash of_bytes(std::span<const unsigned char> bytes);

  /// From 64 hexadecimal digits, upper or lower case; nothing else is accepted.
  static std::optional<Hash> from_hex(std::string_view hex);
  /// 64 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const;

  /// XOR distance, itself a 256-bit number.
  [[nodiscard]] constexpr Hash xor_to(const Hash& other) const {
    return Hash(Words{words_[0] ^ other.words_[0], words_[1] ^ other.words_[1],
                      words_[2] ^ other.words_[2], words_[3] ^ other.words_[3]});
  }

  /// Length of the shared prefix, 0 to 256; 256 only for equal hashes.
  [[nodiscard]] constexpr unsigned shared_upper_bits(const Hash& other) const {
    for (unsigned i = 0; i < words_.size(); ++i) {
      if (const std::uint64_t difference = words_[i] ^ other.words_[i]; difference != 0) {
        return 64 * i + static_cast<unsigned>(std::countl_zero(difference));
      }
    }
    return kBits;
  }

  /// Bit i, i < 256, bit 0 the most significant.
  [[nodiscard]] constexpr bool bit(unsigned i) const {
    return ((words_[i / 64] >> (63 - i % 64)) & 1) != 0;
  }
  [[nodiscard]] constexpr Hash with_bit_flipped(unsigned i) const {
    Hash flipped = *this;
    flipped.words_[i / 64] ^= std::uint64_t{1} << (63 - i % 64);
    return flipped;
  }

  /// The 64 most significant bits.
  [[nodiscard]] constexpr std::uint64_t upper_word() const { return words_[0]; }
  [[nodiscard]] constexpr const Words& words() const { return words_; }

  constexpr auto operator<=>(const Hash&) const = default;

 private:
  Words words_{};
};

/// True if `a` is nearer to `target` than `b` is.
constexpr bool nearer(const Hash& target, const Hash& a, const Hash& b) {
  return a.xor_to(target) < b.xor_to(target);
}

/// The name rule of the design: SHA-256 of `label`, seed (u64), replica (u32), index (u64),
/// little-endian. `label` is "node", "key" or "segment".
Hash named_hash(std::string_view label, std::uint64_t seed, std::uint32_t replica,
                std::uint64_t index);

}  // namespace kadsim

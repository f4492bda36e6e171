#include "core/hash/bit_array.hpp"

#include "core/base/assert.hpp"

#include <algorithm>

namespace kadsim {

BitView::BitView(const Hash& hash, unsigned first, unsigned length)
    : hash_(&hash), first_(first), length_(length) {
  KADSIM_ASSERT(first <= Hash::kBits && length <= Hash::kBits - first, "bits outside the hash");
}

BitView BitView::prefix(unsigned length) const {
  KADSIM_ASSERT(length <= length_, "prefix longer than the view");
  return BitView(*hash_, first_, length);
}

BitView BitView::suffix_from(unsigned first) const {
  KADSIM_ASSERT(first <= length_, "suffix starts past the view");
  return BitView(*hash_, first_ + first, length_ - first);
}

unsigned BitView::upper_sharing_bits(const BitView& other) const {
  const unsigned shorter = std::min(length_, other.length_);
  unsigned shared = 0;
  while (shared < shorter && (*this)[shared] == other[shared]) ++shared;
  return shared;
}

std::string BitView::to_string() const {
  std::string text(length_, '0');
  for (unsigned i = 0; i < length_; ++i) {
    if ((*this)[i]) text[i] = '1';
  }
  return text;
}

BitArray::BitArray(const Hash& hash, unsigned length) : length_(length) {
  KADSIM_ASSERT(length <= Hash::kBits, "a hash has 256 bits");
  Hash::Words words = hash.words();
  for (unsigned i = 0; i < words.size(); ++i) {
    const unsigned kept = length <= 64 * i ? 0 : std::min(64U, length - 64 * i);
    if (kept == 0) {
      words[i] = 0;
    } else if (kept < 64) {
      words[i] &= ~std::uint64_t{0} << (64 - kept);
    }
  }
  bits_ = Hash(words);
}

unsigned BitArray::upper_sharing_bits(const BitArray& other) const {
  return std::min({length_, other.length_, bits_.shared_upper_bits(other.bits_)});
}

}  // namespace kadsim

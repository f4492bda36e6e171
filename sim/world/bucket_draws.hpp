#pragma once

#include <cstdint>

#include "core/base/wide.hpp"
#include "core/random/random_stream.hpp"

namespace kadsim {

/// The random words of one bucket: one draw of a stream, whose 256 bits are expanded to as many
/// words as the bucket needs. A pure function of the draw; several times cheaper than a draw a
/// word.
///
/// Word i is the folded product (upper xor lower half) of s and (s xor salt), s = start + i * step,
/// where start and salt are words of the draw: the output function of wyrand (Wang Yi, wyhash final
/// version 4, 2020), which passes the usual test batteries with a fixed salt. Departure: the salt
/// is drawn, so that two buckets whose starts lie on one orbit still have words of their own.
class BucketDraws {
 public:
  BucketDraws(const RandomStream& stream, const DrawKey& key) : BucketDraws(stream.block(key)) {}

  /// 64 uniform random bits.
  std::uint64_t bits() {
    state_ += kStep;
    const Wide product = static_cast<Wide>(state_) * (state_ ^ salt_);
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
  }
  /// In [0, bound), bound > 0; uniform but for a bias below bound / 2^64.
  std::uint32_t below(std::uint32_t bound) {
    return static_cast<std::uint32_t>((static_cast<Wide>(bits()) * bound) >> 64);
  }

 private:
  explicit BucketDraws(const RandomStream::Block& block) : state_(block[0]), salt_(block[1]) {}

  static constexpr std::uint64_t kStep = 0xa0761d6478bd642fU;  // odd: all 2^64 states are visited

  std::uint64_t state_;
  std::uint64_t salt_;
};

}  // namespace kadsim

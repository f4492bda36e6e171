#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/base/wide.hpp"

namespace kadsim {

/// What a draw is for, within its stream: up to three numbers, e.g. {operation key, birth number of
/// the node, kind and ordinal of the interaction}. Two draws with equal keys in one stream are the
/// same draw.
struct DrawKey {
  std::uint64_t a = 0;
  std::uint64_t b = 0;
  std::uint64_t c = 0;
};

/// A named stream of random numbers in which every draw has an address: its value depends on seed,
/// replica, name and key alone, never on when or how often it is asked for. So a new consumer
/// disturbs no other.
///
/// Source: Philox4x64-10, Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011
/// (Random123). The 128-bit Philox key is the upper half of SHA-256("stream", seed u64, replica
/// u32, name), little-endian; the 256-bit counter is (a, b, c, block). A value is cheap to copy and
/// has no state: safe from any thread.
class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::uint32_t replica, std::string_view name);

  using Block = std::array<std::uint64_t, 4>;
  /// 256 random bits: block `index` of the draw `key`.
  [[nodiscard]] Block block(const DrawKey& key, std::uint64_t index = 0) const;
  /// 64 uniform random bits, the first word of block 0.
  [[nodiscard]] std::uint64_t bits(const DrawKey& key) const { return block(key)[0]; }

 private:
  std::array<std::uint64_t, 2> key_;
};

/// The words of one key in order, for draws that need more than one number. Not shared between
/// threads.
class RandomSequence {
 public:
  /// `stream` outlives the sequence.
  RandomSequence(const RandomStream& stream, const DrawKey& key) : stream_(&stream), key_(key) {}
  RandomSequence(RandomStream&&, const DrawKey&) = delete;

  /// 64 uniform random bits.
  std::uint64_t bits() {
    if (used_ == block_.size()) {
      block_ = stream_->block(key_, index_++);
      used_ = 0;
    }
    return block_[used_++];
  }

  /// Uniform in [0, bound), bound > 0, without bias.
  /// Source: Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019.
  std::uint64_t below(std::uint64_t bound) {
    Wide product = static_cast<Wide>(bits()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
      const std::uint64_t biased = (0 - bound) % bound;
      while (static_cast<std::uint64_t>(product) < biased) {
        product = static_cast<Wide>(bits()) * bound;
      }
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

 private:
  const RandomStream* stream_;
  DrawKey key_;
  std::uint64_t index_ = 0;
  RandomStream::Block block_{};
  std::size_t used_ = 4;
};

}  // namespace kadsim

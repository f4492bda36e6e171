#include "sim/world/bucket_walk.hpp"

#include <algorithm>
#include <cstddef>

namespace kadsim {

void BucketWalk::go_to(std::uint32_t rank) {
  const Hash& hash = ranks_.hash(rank);
  const std::size_t kept =
      std::min<std::size_t>(ranks_.hash(at_).shared_upper_bits(hash), buckets_.size());
  own_.resize(kept + 1);
  buckets_.resize(kept);
  while (own_.back().ranks.size() > 1) {
    const bool bit = hash.bit(own_.back().depth);
    const auto [zeros, ones] = ranks_.halves(own_.back());
    own_.push_back(bit ? ones : zeros);
    buckets_.push_back(bit ? zeros : ones);
  }
  at_ = rank;
}

}  // namespace kadsim

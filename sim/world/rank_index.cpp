#include "sim/world/rank_index.hpp"

#include "core/base/assert.hpp"

#include <algorithm>
#include <bit>

namespace kadsim {

RankIndex::RankIndex(const PeerBook& book)
    : book_(&book), size_(static_cast<std::uint32_t>(book.size())) {
  const std::vector<Hash>& hashes = book.hashes();
  KADSIM_ASSERT(hashes.size() < 0xffffffffU, "ranks are 32-bit numbers");
  KADSIM_CHECK_SLOW(std::is_sorted(hashes.begin(), hashes.end()), "hashes must be sorted");
  prefix_bits_ = std::max(1U, static_cast<unsigned>(std::bit_width(hashes.size())));
  starts_.resize((std::size_t{1} << prefix_bits_) + 1);
  std::size_t next = 0;
  for (std::size_t rank = 0; rank < hashes.size(); ++rank) {
    const std::uint64_t prefix = hashes[rank].upper_word() >> (64 - prefix_bits_);
    while (next <= prefix) starts_[next++] = static_cast<std::uint32_t>(rank);
  }
  while (next < starts_.size()) starts_[next++] = static_cast<std::uint32_t>(hashes.size());
}

std::uint32_t RankIndex::split(RankRange range, unsigned depth, const Hash& path) const {
  if (depth < prefix_bits_) {
    const std::uint64_t half = (path.upper_word() >> (63 - depth)) | 1;  // prefix, then a 1
    return std::clamp(starts_[half << (prefix_bits_ - depth - 1)], range.first, range.last);
  }
  const auto first = book_->hashes().begin() + range.first;
  const auto last = book_->hashes().begin() + range.last;
  const auto one = std::partition_point(first, last, [depth](const Hash& h) { return !h.bit(depth); });
  return static_cast<std::uint32_t>(one - book_->hashes().begin());
}

std::uint32_t RankIndex::lower_bound(const Hash& hash) const {
  const std::uint64_t prefix = hash.upper_word() >> (64 - prefix_bits_);
  const auto first = book_->hashes().begin() + starts_[prefix];
  const auto last = book_->hashes().begin() + starts_[prefix + 1];
  return static_cast<std::uint32_t>(std::lower_bound(first, last, hash) - book_->hashes().begin());
}

}  // namespace kadsim

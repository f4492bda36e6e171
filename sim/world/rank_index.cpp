#include "sim/world/rank_index.hpp"

#include "core/base/assert.hpp"
#include "sim/world/parallel.hpp"

#include <algorithm>
#include <bit>

namespace kadsim {

RankIndex::RankIndex(const PeerBook& book)
    : book_(&book), size_(static_cast<std::uint32_t>(book.size())) {
  const std::vector<Hash>& hashes = book.hashes();
  KADSIM_ASSERT(hashes.size() < 0xffffffffU, "ranks are 32-bit numbers");
  KADSIM_CHECK_SLOW(std::is_sorted(hashes.begin(), hashes.end()), "hashes must be sorted");
  prefix_bits_ = std::max(1U, static_cast<unsigned>(std::bit_width(hashes.size())));
  const std::size_t prefixes = std::size_t{1} << prefix_bits_;
  starts_ = HugePageArray<std::uint32_t>(prefixes + 1);
  const auto prefix = [&](std::uint32_t rank) {
    return static_cast<std::size_t>(hashes[rank].upper_word() >> (64 - prefix_bits_));
  };
  // Each rank writes the entries above the prefix before it, up to its own.
  parallel_each(size_, [&](std::uint64_t i) {
    const auto rank = static_cast<std::uint32_t>(i);
    const std::size_t last = prefix(rank) + 1;
    for (std::size_t p = rank == 0 ? 0 : prefix(rank - 1) + 1; p < last; ++p) starts_[p] = rank;
  });
  for (std::size_t p = size_ == 0 ? 0 : prefix(size_ - 1) + 1; p <= prefixes; ++p) {
    starts_[p] = size_;
  }
}

Halves RankIndex::halves(const Subtree& subtree) const {
  const auto& [range, depth, path] = subtree;
  std::uint32_t middle = 0;
  std::uint64_t ones_path = path;
  if (depth < prefix_bits_) {
    ones_path |= std::uint64_t{1} << (63 - depth);
    // An index into `starts_` needs no hash: no memory but the table is touched.
    middle = starts_[ones_path >> (64 - prefix_bits_)];
  } else {
    if (depth < 64) ones_path |= std::uint64_t{1} << (63 - depth);
    const auto first = book_->hashes().begin() + range.first;
    const auto last = book_->hashes().begin() + range.last;
    const unsigned bit = depth;
    const auto one =
        std::partition_point(first, last, [bit](const Hash& h) { return !h.bit(bit); });
    middle = static_cast<std::uint32_t>(one - book_->hashes().begin());
  }
  return {{{range.first, middle}, depth + 1, path}, {{middle, range.last}, depth + 1, ones_path}};
}

Subtree RankIndex::subtree(const Hash& hash, unsigned depth) const {
  if (depth == 0) return all();
  const unsigned above = std::min(depth, prefix_bits_);
  const std::uint64_t prefix = hash.upper_word() >> (64 - above);
  const unsigned rest = prefix_bits_ - above;
  Subtree found{
      {starts_[prefix << rest], starts_[(prefix + 1) << rest]}, above, prefix << (64 - above)};
  while (found.depth < depth && !found.ranks.empty()) {
    const auto [zeros, ones] = halves(found);
    found = hash.bit(found.depth) ? ones : zeros;
  }
  found.depth = depth;
  return found;
}

void RankIndex::cut(const Subtree& subtree, unsigned levels,
                    std::span<std::uint32_t> bounds) const {
  const std::size_t pieces = std::size_t{1} << levels;
  if (subtree.depth + levels <= prefix_bits_) {
    const std::size_t stride = std::size_t{1} << (prefix_bits_ - subtree.depth - levels);
    const std::uint32_t* start = starts_.data() + (subtree.path >> (64 - prefix_bits_));
    for (std::size_t i = 0; i <= pieces; ++i) bounds[i] = start[i * stride];
    return;
  }
  if (levels == 0 || subtree.ranks.empty()) {
    std::fill(bounds.begin(), bounds.end(), subtree.ranks.first);
    bounds[pieces] = subtree.ranks.last;
    return;
  }
  const auto [zeros, ones] = halves(subtree);
  cut(zeros, levels - 1, bounds.first(pieces / 2 + 1));
  cut(ones, levels - 1, bounds.subspan(pieces / 2));
}

std::uint32_t RankIndex::lower_bound(const Hash& hash) const {
  const std::uint64_t prefix = hash.upper_word() >> (64 - prefix_bits_);
  const auto first = book_->hashes().begin() + starts_[prefix];
  const auto last = book_->hashes().begin() + starts_[prefix + 1];
  return static_cast<std::uint32_t>(std::lower_bound(first, last, hash) - book_->hashes().begin());
}

}  // namespace kadsim

#include "sim/world/joiners.hpp"

#include <algorithm>
#include <cstddef>

namespace kadsim {

void Joiners::add(PeerRef peer) {
  const auto place = std::partition_point(sorted_.begin(), sorted_.end(), [&](PeerRef joiner) {
    return book_->hash(joiner) < book_->hash(peer);
  });
  sorted_.insert(place, peer);
}

std::optional<PeerRef> Joiners::find(const Hash& hash) const {
  const std::span<const PeerRef> found = subtree(hash, Hash::kBits);
  return found.empty() ? std::nullopt : std::optional(found.front());
}

// In the order of hashes, the joiners that leave the prefix with a 0 come first, then those that
// have all of it, then those that leave it with a 1.
std::span<const PeerRef> Joiners::subtree(const Hash& hash, unsigned depth) const {
  const auto shares = [&](PeerRef joiner) {
    return book_->shared_upper_bits(joiner, hash) >= depth;
  };
  const auto first = std::partition_point(sorted_.begin(), sorted_.end(), [&](PeerRef joiner) {
    return !shares(joiner) && book_->hash(joiner) < hash;
  });
  const auto last = std::partition_point(first, sorted_.end(), shares);
  return {first, last};
}

Joiners::Halves Joiners::halves(std::span<const PeerRef> subtree, unsigned depth) const {
  const auto one = std::ranges::partition_point(
      subtree, [&](PeerRef joiner) { return !book_->hash(joiner).bit(depth); });
  const auto zeros = static_cast<std::size_t>(one - subtree.begin());
  return {subtree.first(zeros), subtree.subspan(zeros)};
}

}  // namespace kadsim

#include "sim/world/closest_nodes.hpp"

#include "core/table/nearest_contacts.hpp"

#include <algorithm>
#include <bit>

namespace kadsim {
namespace {

// Of a subtree that holds a few more nodes than so many, on average.
unsigned depth_of_few(std::uint32_t nodes, std::size_t wanted) {
  const std::uint64_t times = nodes / (wanted + wanted / 4 + 1);
  return times == 0 ? 0 : static_cast<unsigned>(std::bit_width(times)) - 1;
}

}  // namespace

// Whoever shares more upper bits with the target is nearer to it: the closest nodes are those of
// the smallest subtree around it that has enough.
void ClosestNodes::find(const Hash& target, std::size_t count, PeerRef except,
                        std::vector<PeerRef>& out) const {
  const RankIndex& ranks = population_.ranks();
  std::vector<PeerRef>& near = near_;
  for (unsigned depth = depth_of_few(ranks.size(), count);; --depth) {
    near.clear();
    const RankRange around = ranks.subtree(target, depth).ranks;
    for (std::uint32_t rank = around.first; rank < around.last; ++rank) {
      const PeerRef peer{rank};
      if (peer != except && population_.reachable(peer)) near.push_back(peer);
    }
    if (near.size() >= count || depth == 0) break;
  }
  for (const PeerRef joiner : population_.joiners()) {
    if (joiner != except && population_.reachable(joiner)) near.push_back(joiner);
  }
  const std::size_t found = std::min(count, near.size());
  sorted_.clear();
  append_nearest(near, population_.book(), target, found, sorted_);
  out.assign(sorted_.contacts().begin(), sorted_.contacts().end());
}

// On the way down to the peer: where its distance has a bit, the other half of the subtree is
// nearer than it as a whole.
bool ClosestNodes::is_among_closest(PeerRef peer, const Hash& target, unsigned count) {
  const Hash& hash = population_.hash(peer);
  std::uint64_t are_nearer = 0;
  for (const PeerRef joiner : population_.joiners()) {
    if (nearer(target, population_.hash(joiner), hash)) ++are_nearer;
  }
  const RankIndex& ranks = population_.ranks();
  const Hash distance = hash.xor_to(target);
  Subtree around = ranks.all();
  while (around.ranks.size() > 1 && are_nearer < count) {
    const auto [zeros, ones] = ranks.halves(around);
    const bool bit = hash.bit(around.depth);
    if (distance.bit(around.depth)) are_nearer += (bit ? zeros : ones).ranks.size();
    around = bit ? ones : zeros;
  }
  if (around.ranks.size() == 1 && nearer(target, ranks.hash(around.ranks.first), hash)) {
    ++are_nearer;
  }
  return are_nearer < count;
}

}  // namespace kadsim

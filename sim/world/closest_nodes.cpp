#include "sim/world/closest_nodes.hpp"

#include "core/table/nearest_contacts.hpp"

#include <algorithm>
#include <bit>
#include <span>

namespace kadsim {
namespace {

// Of a subtree that holds a few more nodes than so many, on average.
unsigned depth_of_few(std::uint32_t nodes, std::size_t wanted) {
  const std::uint64_t times = nodes / (wanted + wanted / 4 + 1);
  return times == 0 ? 0 : static_cast<unsigned>(std::bit_width(times)) - 1;
}

}  // namespace

// A node that shares more upper bits with the target is nearer to it: the closest nodes are those
// of the smallest subtree around it that has enough.
void ClosestNodes::find(const Hash& target, std::size_t count, PeerRef except,
                        std::vector<PeerRef>& out) const {
  const RankIndex& ranks = population_.ranks();
  std::vector<PeerRef>& near = near_;
  for (unsigned depth = depth_of_few(population_.size(), count);; --depth) {
    const RankRange around = ranks.subtree(target, depth).ranks;
    near.resize(around.size());
    for (std::uint32_t i = 0; i < around.size(); ++i) near[i] = {around.first + i};
    const std::span<const PeerRef> joined = population_.joiners().subtree(target, depth);
    near.insert(near.end(), joined.begin(), joined.end());
    std::erase_if(near,
                  [&](PeerRef peer) { return peer == except || !population_.reachable(peer); });
    if (near.size() >= count || depth == 0) break;
  }
  const std::size_t found = std::min(count, near.size());
  sorted_.clear();
  append_nearest(near, population_.book(), target, found, sorted_);
  out.assign(sorted_.contacts().begin(), sorted_.contacts().end());
}

// On the way down to the peer: where its distance has a bit, the other half of the subtree is
// nearer than it as a whole. The way ends where the peer is alone, which does not count itself.
bool ClosestNodes::is_among_closest(PeerRef peer, const Hash& target, unsigned count) {
  const RankIndex& ranks = population_.ranks();
  const Hash& hash = population_.hash(peer);
  const Hash distance = hash.xor_to(target);
  std::uint64_t are_nearer = 0;
  Subtree around = ranks.all();
  std::span<const PeerRef> joiners = population_.joiners().all();
  while (around.ranks.size() + joiners.size() > 1 && are_nearer < count) {
    const unsigned depth = around.depth;
    const bool bit = hash.bit(depth);
    const auto [zeros, ones] = ranks.halves(around);
    const auto [joined_zeros, joined_ones] = population_.joiners().halves(joiners, depth);
    if (distance.bit(depth)) {
      are_nearer += (bit ? zeros : ones).ranks.size();
      are_nearer += (bit ? joined_zeros : joined_ones).size();
    }
    around = bit ? ones : zeros;
    joiners = bit ? joined_ones : joined_zeros;
  }
  return are_nearer < count;
}

}  // namespace kadsim

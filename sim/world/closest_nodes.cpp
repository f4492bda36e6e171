#include "sim/world/closest_nodes.hpp"

#include <algorithm>

namespace kadsim {

void ClosestNodes::find(const Hash& target, std::size_t count, PeerRef except,
                        std::vector<PeerRef>& out) const {
  out.clear();
  if (count == 0) return;
  const RankIndex& ranks = population_.ranks();
  visit_by_distance(ranks, ranks.all(), target, [&](std::uint32_t rank) {
    const PeerRef peer{rank};
    if (peer != except && population_.reachable(peer)) out.push_back(peer);
    return out.size() < count;
  });
  if (population_.joiners().empty()) return;
  for (const PeerRef joiner : population_.joiners()) {
    if (joiner != except && population_.reachable(joiner)) out.push_back(joiner);
  }
  std::sort(out.begin(), out.end(), [&](PeerRef a, PeerRef b) {
    return nearer(target, population_.hash(a), population_.hash(b));
  });
  if (out.size() > count) out.resize(count);
}

bool ClosestNodes::is_among_closest(PeerRef peer, const Hash& target, unsigned count) {
  unsigned seen = 0;
  for (const PeerRef joiner : population_.joiners()) {
    if (nearer(target, population_.hash(joiner), population_.hash(peer))) ++seen;
  }
  const RankIndex& ranks = population_.ranks();
  bool found = false;
  visit_by_distance(ranks, ranks.all(), target, [&](std::uint32_t rank) {
    const PeerRef other{rank};
    found = other == peer || nearer(target, population_.hash(peer), population_.hash(other));
    return !found && ++seen < count;
  });
  return found && seen < count;
}

}  // namespace kadsim

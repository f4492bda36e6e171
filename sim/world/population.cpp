#include "sim/world/population.hpp"

#include "core/base/assert.hpp"
#include "core/random/random_stream.hpp"

#include <tbb/parallel_for.h>
#include <tbb/parallel_sort.h>

#include <algorithm>
#include <numeric>

namespace kadsim {
namespace {

struct Named {
  Hash hash;
  std::uint32_t birth = 0;
};

std::uint32_t checked_count(std::uint64_t nodes) {
  KADSIM_ASSERT(nodes >= 1 && nodes < 0xffffffffU, "a network has 1 to 2^32 - 2 nodes");
  return static_cast<std::uint32_t>(nodes);
}

}  // namespace

Population::Population(std::uint64_t nodes, std::uint64_t seed, std::uint32_t replica,
                       Probability unreachable) {
  const std::uint32_t count = checked_count(nodes);
  std::vector<Hash> hashes(count);
  tbb::parallel_for(std::uint32_t{0}, count,
                    [&](std::uint32_t i) { hashes[i] = named_hash("node", seed, replica, i); });
  number_by_rank(std::move(hashes));

  const RandomStream stream(seed, replica, "network.unreachable");
  for (std::uint32_t rank = 0; rank < count; ++rank) {
    if (unreachable.never()) break;
    if (unreachable.happens(stream.bits({births_[rank], 0, 0}))) {
      reachable_[rank] = false;
      --reachable_count_;
    }
  }
}

Population::Population(const std::vector<Hash>& hashes) {
  checked_count(hashes.size());
  number_by_rank(hashes);
}

void Population::number_by_rank(std::vector<Hash> hashes_by_birth) {
  initial_ = static_cast<std::uint32_t>(hashes_by_birth.size());
  std::vector<Named> nodes(initial_);
  tbb::parallel_for(std::uint32_t{0}, initial_,
                    [&](std::uint32_t i) { nodes[i] = {hashes_by_birth[i], i}; });
  tbb::parallel_sort(nodes.begin(), nodes.end(),
                     [](const Named& a, const Named& b) { return a.hash < b.hash; });
  births_.resize(initial_);
  by_birth_.resize(initial_);
  for (std::uint32_t rank = 0; rank < initial_; ++rank) {
    KADSIM_ASSERT(rank == 0 || nodes[rank - 1].hash != nodes[rank].hash, "two nodes have one hash");
    hashes_by_birth[rank] = nodes[rank].hash;
    births_[rank] = nodes[rank].birth;
    by_birth_[nodes[rank].birth] = rank;
  }
  book_ = PeerBook(std::move(hashes_by_birth));
  ranks_ = RankIndex(book_);
  reachable_.assign(initial_, true);
  reachable_count_ = initial_;
}

std::optional<PeerRef> Population::find(const Hash& hash) const {
  const std::uint32_t rank = ranks_.lower_bound(hash);
  if (rank < ranks_.size() && ranks_.hash(rank) == hash) return PeerRef{rank};
  const auto joiner = std::lower_bound(
      joiners_.begin(), joiners_.end(), hash,
      [this](PeerRef peer, const Hash& wanted) { return book_.hash(peer) < wanted; });
  if (joiner != joiners_.end() && book_.hash(*joiner) == hash) return *joiner;
  return std::nullopt;
}

PeerRef Population::join(const Hash& hash) {
  KADSIM_ASSERT(!find(hash).has_value(), "a node with this hash is there already");
  const PeerRef peer = book_.add(hash);
  births_.push_back(peer.value);
  by_birth_.push_back(peer.value);
  reachable_.push_back(true);
  ++reachable_count_;
  const auto place = std::upper_bound(
      joiners_.begin(), joiners_.end(), hash,
      [this](const Hash& wanted, PeerRef other) { return wanted < book_.hash(other); });
  joiners_.insert(place, peer);
  return peer;
}

}  // namespace kadsim

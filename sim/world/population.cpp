#include "sim/world/population.hpp"

#include "core/base/assert.hpp"
#include "core/base/huge_page_array.hpp"
#include "sim/world/identities.hpp"
#include "sim/world/parallel.hpp"
#include "sim/world/rank_order.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

namespace kadsim {
namespace {

std::uint32_t checked_count(std::uint64_t nodes) {
  KADSIM_ASSERT(nodes >= 1 && nodes < 0xffffffffU, "a network has 1 to 2^32 - 2 nodes");
  return static_cast<std::uint32_t>(nodes);
}

}  // namespace

Population::Population(std::uint64_t nodes, std::uint64_t seed, std::uint32_t replica,
                       Probability unreachable, SetupProgress* progress,
                       const IdentityOptions& identities, NodeGroups groups)
    : groups_(std::move(groups)) {
  const std::uint32_t count = checked_count(nodes);
  std::vector<Hash> chosen;
  if (identities.any()) chosen = chosen_identities(identities, nodes, seed, replica);
  {
    const HugePageArray<Hash> by_birth(count);
    if (progress != nullptr) progress->enter(SetupPhase::kNaming, count);
    parallel_ranges(count, 4096, [&](std::uint64_t first, std::uint64_t last) {
      for (std::uint64_t i = first; i < last; ++i) {
        by_birth[i] = i < chosen.size() ? chosen[i] : named_hash("node", seed, replica, i);
      }
      if (progress != nullptr) progress->advance(last - first);
    });
    const std::span<const Hash> all(by_birth.data(), by_birth.size());
    if (!chosen.empty()) require_generated_are_new(all, chosen.size());
    number_by_rank(all, progress);
  }
  ranks_ = RankIndex(book_);
  draw_unreachable(unreachable, RandomStream(seed, replica, "network.unreachable"));
}

Population::Population(const std::vector<Hash>& hashes) {
  checked_count(hashes.size());
  number_by_rank(hashes, nullptr);
  ranks_ = RankIndex(book_);
  draw_unreachable(Probability(), RandomStream(0, 0, "network.unreachable"));
}

void Population::number_by_rank(std::span<const Hash> by_birth, SetupProgress* progress) {
  initial_ = static_cast<std::uint32_t>(by_birth.size());
  births_ = births_by_rank(by_birth, progress);
  std::vector<Hash> hashes = huge_page_vector<Hash>(initial_);
  by_birth_ = huge_page_vector<std::uint32_t>(initial_);
  parallel_each(initial_, [&](std::uint64_t rank) {
    hashes[rank] = by_birth[births_[rank]];
    by_birth_[births_[rank]] = static_cast<std::uint32_t>(rank);
  });
  book_ = PeerBook(std::move(hashes));
}

// Each word of the bitmap is written by one task, as two threads cannot write bits of one word.
void Population::draw_unreachable(Probability unreachable, const RandomStream& stream) {
  reachable_.assign(initial_ / 64 + 1, ~std::uint64_t{0});
  reachable_count_ = initial_;
  const bool groups_differ = std::ranges::any_of(
      groups_.groups(), [](const auto& group) { return group.unreachable.has_value(); });
  if (unreachable.never() && !groups_differ) return;
  std::atomic<std::uint32_t> unreachable_count{0};
  parallel_each(initial_ / 64 + 1, [&](std::uint64_t word) {
    const std::uint64_t last = std::min<std::uint64_t>(initial_, (word + 1) * 64);
    for (std::uint64_t rank = word * 64; rank < last; ++rank) {
      const Probability here = groups_.unreachable(births_[rank]).value_or(unreachable);
      if (!here.happens(stream.bits({births_[rank], 0, 0}))) continue;
      reachable_[word] &= ~(std::uint64_t{1} << (rank % 64));
      ++unreachable_count;
    }
  });
  reachable_count_ -= unreachable_count;
}

std::optional<PeerRef> Population::find(const Hash& hash) const {
  const std::uint32_t rank = ranks_.lower_bound(hash);
  if (rank < ranks_.size() && ranks_.hash(rank) == hash) return PeerRef{rank};
  return joiners_.find(hash);
}

PeerRef Population::join(const Hash& hash) {
  KADSIM_ASSERT(!find(hash).has_value(), "a node with this hash is there already");
  const PeerRef peer = book_.add(hash);
  births_.push_back(peer.value);
  by_birth_.push_back(peer.value);
  // Bits beyond the last peer are set already.
  if (peer.value / 64 == reachable_.size()) reachable_.push_back(~std::uint64_t{0});
  ++reachable_count_;
  joiners_.add(peer);
  return peer;
}

}  // namespace kadsim

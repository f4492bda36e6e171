#include "sim/world/table_builder.hpp"

#include "sim/world/bucket_walk.hpp"
#include "sim/world/parallel.hpp"

#include <algorithm>
#include <vector>

namespace kadsim {
namespace {

using Extent = ArenaBuckets::Extent;

// Each task begins by finding the subtrees of its first node. A run is so long that this costs
// little in comparison, and so short that all threads end at nearly the same time.
constexpr std::uint32_t kNodesPerRun = 512;

template <class Work>
void for_each_run(std::uint32_t nodes, SetupProgress* progress, const Work& work) {
  const std::uint32_t runs = (nodes + kNodesPerRun - 1) / kNodesPerRun;
  parallel_each(runs, [&](std::uint64_t i) {
    const auto run = static_cast<std::uint32_t>(i);
    const std::uint32_t first = run * kNodesPerRun;
    const RankRange range{first, first + std::min(kNodesPerRun, nodes - first)};
    work(run, range);
    if (progress != nullptr) progress->advance(range.size());
  });
}

std::uint32_t contacts_in(const Subtree& subtree, unsigned k) {
  return std::min(k, subtree.ranks.size());
}

Extent extent_of_run(const RankIndex& ranks, unsigned k, const RankRange& run) {
  Extent extent;
  BucketWalk walk(ranks);
  for (std::uint32_t rank = run.first; rank < run.last; ++rank) {
    walk.go_to(rank);
    extent.buckets += walk.buckets().size();
    for (const Subtree& subtree : walk.buckets()) extent.contacts += contacts_in(subtree, k);
  }
  return extent;
}

std::vector<Extent> extents_of_runs(const RankIndex& ranks, unsigned k) {
  std::vector<Extent> extents((ranks.size() + kNodesPerRun - 1) / kNodesPerRun);
  // This takes a hundredth of the time of what follows, and is left out of the progress.
  for_each_run(ranks.size(), nullptr, [&](std::uint32_t run, const RankRange& nodes) {
    extents[run] = extent_of_run(ranks, k, nodes);
  });
  return extents;
}

// Replaces the extent of each run by that of all runs before it, and returns that of all runs.
Extent sum_up(std::vector<Extent>& extents) {
  Extent all;
  for (Extent& extent : extents) {
    const Extent own = extent;
    extent = all;
    all.contacts += own.contacts;
    all.buckets += own.buckets;
  }
  return all;
}

}  // namespace

void parallel_clilist_initializer(const Population& population, const RandomStream& stream,
                                  const TableOptions& options, ArenaBuckets& tables,
                                  SetupProgress* progress) {
  const RankIndex& ranks = population.ranks();
  if (progress != nullptr) progress->enter(SetupPhase::kTables, ranks.size());
  std::vector<Extent> before = extents_of_runs(ranks, options.k);
  tables.allocate(ranks.size(), sum_up(before));

  for_each_run(ranks.size(), progress, [&](std::uint32_t run, const RankRange& nodes) {
    Extent at = before[run];
    BucketWalk walk(ranks);
    BucketFiller filler(options, ranks, stream);
    for (std::uint32_t rank = nodes.first; rank < nodes.last; ++rank) {
      walk.go_to(rank);
      const ArenaBuckets::Place place = tables.place({rank}, at, walk.buckets().size());
      std::uint32_t end = 0;
      for (const Subtree& subtree : walk.buckets()) {
        const std::uint32_t contacts = contacts_in(subtree, options.k);
        filler.fill({.subtree = subtree,
                     .birth = population.birth({rank}),
                     .owner = &ranks.hash(rank),
                     .places = {place.contacts + end, contacts}});
        end += contacts;
        place.ends[subtree.depth - 1] = end;
      }
      at.contacts += end;
      at.buckets += walk.buckets().size();
    }
  });
}

}  // namespace kadsim

#include "sim/world/table_builder.hpp"

#include "sim/world/table_filling.hpp"

#include <tbb/blocked_range.h>
#include <tbb/parallel_for.h>

#include <algorithm>
#include <numeric>

namespace kadsim {
namespace {

using Block = tbb::blocked_range<std::uint32_t>;
constexpr std::size_t kNodesPerTask = 256;

std::vector<std::uint64_t> begins_of(const std::vector<std::uint32_t>& counts) {
  std::vector<std::uint64_t> begins(counts.size() + 1, 0);
  std::inclusive_scan(counts.begin(), counts.end(), begins.begin() + 1, std::plus<>(),
                      std::uint64_t{0});
  return begins;
}

}  // namespace

void parallel_clilist_initializer(const Population& population, const RandomStream& stream,
                                  const TableOptions& options, ArenaBuckets& tables) {
  const RankIndex& ranks = population.ranks();
  const std::uint32_t nodes = ranks.size();

  // Pass 1: how many buckets and contacts each node has. Pass 2: where each bucket ends.
  std::vector<std::uint32_t> depths(nodes);
  std::vector<std::uint32_t> contacts(nodes);
  tbb::parallel_for(Block(0, nodes, kNodesPerTask), [&](const Block& block) {
    for (std::uint32_t rank = block.begin(); rank < block.end(); ++rank) {
      std::uint32_t total = 0;
      depths[rank] = visit_buckets(ranks, rank, [&](const Subtree& subtree) {
        total += std::min(options.k, subtree.ranks.size());
      });
      contacts[rank] = total;
    }
  });
  std::vector<std::uint64_t> bucket_begin = begins_of(depths);
  std::vector<std::uint32_t> bucket_ends(bucket_begin.back());
  tbb::parallel_for(Block(0, nodes, kNodesPerTask), [&](const Block& block) {
    for (std::uint32_t rank = block.begin(); rank < block.end(); ++rank) {
      std::uint32_t total = 0;
      visit_buckets(ranks, rank, [&](const Subtree& subtree) {
        total += std::min(options.k, subtree.ranks.size());
        bucket_ends[bucket_begin[rank] + subtree.depth - 1] = total;
      });
    }
  });
  tables.allocate(begins_of(contacts), std::move(bucket_begin), std::move(bucket_ends));

  tbb::parallel_for(Block(0, nodes, kNodesPerTask), [&](const Block& block) {
    for (std::uint32_t rank = block.begin(); rank < block.end(); ++rank) {
      visit_buckets(ranks, rank, [&](const Subtree& subtree) {
        fill_bucket(options.fill, ranks, stream,
                    {.subtree = subtree,
                     .birth = population.birth({rank}),
                     .owner = &ranks.hash(rank),
                     .places = tables.place({rank}, subtree.depth - 1)});
      });
    }
  });
}

}  // namespace kadsim

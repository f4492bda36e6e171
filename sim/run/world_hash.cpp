#include "sim/run/world_hash.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace kadsim {
namespace {

// So many nodes are gathered at a time before they are hashed: few enough for the cache.
constexpr std::uint32_t kPiece = 1024;

void add_population(ContentHasher& hasher, const Population& population) {
  hasher.add(population.initial());
  std::vector<Hash> hashes(kPiece);
  std::vector<std::uint32_t> births(kPiece);
  for (std::uint32_t first = 0; first < population.initial(); first += kPiece) {
    const std::uint32_t count = std::min(kPiece, population.initial() - first);
    for (std::uint32_t i = 0; i < count; ++i) {
      hashes[i] = population.hash({first + i});
      births[i] = population.birth({first + i});
    }
    hasher.add(std::span<const Hash>(hashes).first(count));
    hasher.add(std::span<const std::uint32_t>(births).first(count));
  }
}

void add_table(ContentHasher& hasher, const Population& population, const RoutingTable& table) {
  std::vector<std::uint32_t> births;
  for (unsigned index = 0; index < table.depth(); ++index) {
    births.clear();
    for (const PeerRef contact : table.bucket(index)) births.push_back(population.birth(contact));
    if (births.empty()) continue;
    hasher.add(index);
    // The order within a bucket counts: the least recently seen contact stands first.
    hasher.add(births.size());
    hasher.add(births);
  }
}

}  // namespace

ContentHash hash_of_world(const Scenario& scenario, DhtNetwork& network) {
  const Population& population = network.population();
  ContentHasher hasher;
  hasher.add(scenario.seed);
  hasher.add(scenario.replica);
  hasher.add(static_cast<std::uint64_t>(scenario.network.fill));
  hasher.add(scenario.client.lookup.k);
  add_population(hasher, population);
  for (std::uint32_t birth = 0; birth < std::min(kWorldSample, population.initial()); ++birth) {
    add_table(hasher, population, network.table(population.born(birth)));
  }
  return hasher.finish();
}

ContentHash hash_of_workload(const std::vector<OperationRow>& rows) {
  ContentHasher hasher;
  hasher.add(rows.size());
  for (const OperationRow& row : rows) {
    hasher.add((static_cast<std::uint64_t>(row.kind) << 32) | row.origin);
    hasher.add({&row.target, 1});
  }
  return hasher.finish();
}

}  // namespace kadsim

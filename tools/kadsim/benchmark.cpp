#include "tools/kadsim/benchmark.hpp"

#include "core/hash/bit_array.hpp"
#include "core/random/random_stream.hpp"
#include "core/table/bucket_store.hpp"
#include "core/table/routing_table.hpp"
#include "sim/world/arena_buckets.hpp"
#include "sim/world/population.hpp"
#include "sim/world/table_builder.hpp"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <numeric>
#include <thread>

namespace kadsim::tools {
namespace {

using Work = std::function<std::uint64_t()>;
using Clock = std::chrono::steady_clock;

const Clock::time_point kProgramStart = Clock::now();

double now_s() { return std::chrono::duration<double>(Clock::now() - kProgramStart).count(); }

// The hashes a round works on: as many as there are nodes.
std::shared_ptr<std::vector<Hash>> some_hashes(const BenchmarkSettings& settings,
                                               std::uint64_t round) {
  auto hashes = std::make_shared<std::vector<Hash>>(settings.nodes);
  for (std::uint32_t i = 0; i < settings.nodes; ++i) {
    (*hashes)[i] = named_hash("key", settings.seed, static_cast<std::uint32_t>(round), i);
  }
  return hashes;
}

Work hash_creation(const BenchmarkSettings& settings, std::uint64_t round) {
  return [settings, round] {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < settings.nodes; ++i) {
      sum += named_hash("node", settings.seed, static_cast<std::uint32_t>(round), i).upper_word();
    }
    return sum;
  };
}

// `pair(a, b)` over all neighbours in a list of hashes.
template <class Pair>
Work over_pairs(const BenchmarkSettings& settings, std::uint64_t round, Pair pair) {
  return [hashes = some_hashes(settings, round), pair] {
    std::uint64_t sum = 0;
    for (std::size_t i = 1; i < hashes->size(); ++i) sum += pair((*hashes)[i - 1], (*hashes)[i]);
    return sum;
  };
}

Work xor_distance(const BenchmarkSettings& settings, std::uint64_t round) {
  return over_pairs(settings, round,
                    [](const Hash& a, const Hash& b) { return a.xor_to(b).upper_word(); });
}

Work shared_bits(const BenchmarkSettings& settings, std::uint64_t round) {
  return over_pairs(settings, round, [](const Hash& a, const Hash& b) -> std::uint64_t {
    return BitArray(a).upper_sharing_bits(BitArray(b));
  });
}

// One node that knows others: peer 0 of a book of all.
struct LoneNode {
  PeerBook book;
  OwnedBuckets buckets;
  explicit LoneNode(const BenchmarkSettings& settings, std::uint64_t round)
      : book(*some_hashes(settings, round)), buckets(settings.k) {}
  RoutingTable table() { return {PeerRef{0}, book, buckets}; }
  std::uint64_t discover_all() {
    RoutingTable own = table();
    std::uint64_t kept = 0;
    for (std::uint32_t i = 1; i < book.size(); ++i) {
      if (own.add_keeping_closest({i}) == BucketChange::kAdded) ++kept;
    }
    return kept;
  }
};

Work new_discovered_node(const BenchmarkSettings& settings, std::uint64_t round) {
  auto node = std::make_shared<LoneNode>(settings, round);
  return [node] { return node->discover_all(); };
}

Work closest_to_hash(const BenchmarkSettings& settings, std::uint64_t round) {
  auto node = std::make_shared<LoneNode>(settings, round);
  node->discover_all();
  return [node, targets = some_hashes(settings, round + 1), k = settings.k] {
    std::uint64_t sum = 0;
    std::vector<PeerRef> contacts;
    for (const Hash& target : *targets) {
      node->table().closest(target, k, contacts);
      for (const PeerRef contact : contacts) sum += contact.value;
    }
    return sum;
  };
}

Work get_routing_table(const BenchmarkSettings& settings, std::uint64_t round) {
  auto node = std::make_shared<LoneNode>(settings, round);
  node->discover_all();
  return [node] {
    std::uint64_t sum = 0;
    const RoutingTable table = node->table();
    for (unsigned i = 0; i < table.depth(); ++i) {
      for (const PeerRef contact : table.bucket(i)) sum += contact.value;
    }
    return sum;
  };
}

// Each round has a network of its own: the round is the replica.
std::shared_ptr<Population> population_of(const BenchmarkSettings& settings, std::uint64_t round) {
  return std::make_shared<Population>(settings.nodes, settings.seed,
                                      static_cast<std::uint32_t>(round), Probability());
}

Work n_initialization(const BenchmarkSettings& settings, std::uint64_t round) {
  return [settings, round] { return population_of(settings, round)->hash({0}).upper_word(); };
}

std::uint64_t bootstrap(const Population& population, OwnedBuckets& buckets, PeerRef peer) {
  RoutingTable table(peer, population.book(), buckets);
  for (std::uint32_t birth = 0; birth < population.size(); ++birth) {
    const PeerRef other = population.born(birth);
    if (other != peer) table.add_keeping_closest(other);
  }
  return table.size();
}

Work bootstrap_node(const BenchmarkSettings& settings, std::uint64_t round) {
  return [population = population_of(settings, round), k = settings.k] {
    OwnedBuckets buckets(k);
    return bootstrap(*population, buckets, {0});
  };
}

Work bootstrap_network(const BenchmarkSettings& settings, std::uint64_t round) {
  return [population = population_of(settings, round), k = settings.k] {
    OwnedBuckets buckets(k);
    std::uint64_t contacts = 0;
    for (std::uint32_t i = 0; i < population->size(); ++i)
      contacts += bootstrap(*population, buckets, {i});
    return contacts;
  };
}

Work fast_bootstrap(const BenchmarkSettings& settings, std::uint64_t round, int threads) {
  return [population = population_of(settings, round), settings, threads] {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    ArenaBuckets tables(settings.k);
    arena.execute([&] {
      parallel_clilist_initializer(*population, RandomStream(settings.seed, 0, "network.tables"),
                                   {Fill::kClosest, settings.k}, tables);
    });
    return tables.contacts();
  };
}

Work fast_bootstrap_network(const BenchmarkSettings& settings, std::uint64_t round) {
  return fast_bootstrap(settings, round, 1);
}

Work fast_threaded_bootstrap_network(const BenchmarkSettings& settings, std::uint64_t round) {
  const int all = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return fast_bootstrap(settings, round, settings.threads > 0 ? settings.threads : all);
}

}  // namespace

const std::vector<Benchmark>& benchmarks() {
  static const std::vector<Benchmark> all = {
      {"hashes", "hash creation", hash_creation},
      {"hashes", "xor distance", xor_distance},
      {"hashes", "shared bits", shared_bits},
      {"routing", "new discovered node", new_discovered_node},
      {"routing", "closest to hash", closest_to_hash},
      {"routing", "get routing table", get_routing_table},
      {"network", "n initialization", n_initialization},
      {"network", "bootstrap node", bootstrap_node},
      {"network", "bootstrap network", bootstrap_network},
      {"network", "fast bootstrap network", fast_bootstrap_network},
      {"network", "fast threaded bootstrap network", fast_threaded_bootstrap_network},
  };
  return all;
}

std::vector<Round> run_benchmark(const Benchmark& benchmark, const BenchmarkSettings& settings,
                                 std::uint64_t rounds) {
  static volatile std::uint64_t checksum =
      0;  // reads every result, so that no work is optimised away
  std::vector<Round> ran;
  for (std::uint64_t i = 0; i < rounds; ++i) {
    Round round;
    const double begin = now_s();
    round.start = round.finish = begin;
    try {
      const Work work = benchmark.prepare(settings, i);
      round.start = round.finish = now_s();
      round.prep = round.start - begin;
      checksum = checksum + work();
      round.finish = now_s();
    } catch (const std::exception&) {
      round.failed = true;
    }
    ran.push_back(round);
  }
  return ran;
}

RoundFigures figures_of(const std::vector<Round>& rounds) {
  RoundFigures figures;
  figures.rounds = rounds.size();
  std::vector<double> durations;
  for (const Round& round : rounds) {
    figures.prep_s += round.prep;
    if (round.failed) {
      ++figures.failed;
    } else {
      durations.push_back(round.duration());
    }
  }
  if (durations.empty()) return figures;
  std::sort(durations.begin(), durations.end());
  const std::size_t n = durations.size();
  figures.avg_s = std::accumulate(durations.begin(), durations.end(), 0.0) / static_cast<double>(n);
  figures.median_s = n % 2 == 1 ? durations[n / 2] : (durations[n / 2 - 1] + durations[n / 2]) / 2;
  figures.p90_s = durations[(n * 9 + 9) / 10 - 1];
  return figures;
}

}  // namespace kadsim::tools

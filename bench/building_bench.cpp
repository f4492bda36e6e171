// Building blocks of a run, and the building of its tables.

#include "core/base/huge_page_array.hpp"
#include "core/hash/hash.hpp"
#include "core/random/distributions.hpp"
#include "core/random/random_stream.hpp"
#include "sim/measure/fingerprint.hpp"
#include "sim/measure/histogram.hpp"
#include "sim/world/dht_network.hpp"
#include "sim/world/table_builder.hpp"

#include <benchmark/benchmark.h>
#include <tbb/blocked_range.h>
#include <tbb/global_control.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <cstring>
#include <memory>
#include <string>

namespace {

using namespace kadsim;

void sha256_name(benchmark::State& state) {
  std::uint64_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(named_hash("node", 1, 0, i++));
  state.SetItemsProcessed(state.iterations());
}

void philox_draw(benchmark::State& state) {
  const RandomStream stream(1, 0, "bench");
  std::uint64_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(stream.bits({i++, 2, 3}));
  state.SetItemsProcessed(state.iterations());
}

void quantile_table_draw(benchmark::State& state) {
  const QuantileTable table = lognormal(100'000'000, 0.5);
  std::uint64_t bits = 0x9e3779b97f4a7c15U;
  for (auto _ : state) benchmark::DoNotOptimize(table.draw(bits *= 0xd1342543de82ef95U));
  state.SetItemsProcessed(state.iterations());
}

void fingerprint_add(benchmark::State& state) {
  Fingerprint fingerprint;
  FingerprintRecord record;
  for (auto _ : state) {
    ++record.operation;
    fingerprint.add(record);
  }
  benchmark::DoNotOptimize(fingerprint);
  state.SetItemsProcessed(state.iterations());
}

void histogram_add(benchmark::State& state) {
  Histogram histogram;
  std::int64_t value = 1;
  for (auto _ : state) {
    value = (value * 48271) % 2147483647;
    histogram.add(value);
  }
  benchmark::DoNotOptimize(histogram);
  state.SetItemsProcessed(state.iterations());
}

void routing_table_closest(benchmark::State& state) {
  NetworkSetup setup;
  setup.network.nodes = static_cast<std::uint64_t>(state.range(0));
  Scheduler scheduler;
  const auto network = DhtNetwork::init_with_random_peers(setup, scheduler);
  std::vector<PeerRef> contacts;
  std::uint64_t i = 0;
  for (auto _ : state) {
    const Hash target =
        network->population().hash({static_cast<std::uint32_t>((i * 7919) % setup.network.nodes)});
    network->table({static_cast<std::uint32_t>(i++ % setup.network.nodes)})
        .closest(target, 20, contacts);
    benchmark::DoNotOptimize(contacts.data());
  }
  state.SetItemsProcessed(state.iterations());
}

void on_threads(int threads, const std::function<void()>& work) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                  static_cast<std::size_t>(threads));
  tbb::task_arena(threads).execute(work);
}

// Naming and sorting of all nodes, and the index over them.
void population(benchmark::State& state, std::uint32_t nodes, int threads) {
  for (auto _ : state) {
    on_threads(threads, [&] { const Population made(nodes, 1, 0, Probability(1, 10)); });
  }
  state.SetItemsProcessed(state.iterations() * nodes);
}

// Kept from one case to the next, as naming and sorting takes longer than a table does.
const Population& population_of(std::uint32_t nodes) {
  static std::unique_ptr<const Population> last;
  if (last == nullptr || last->size() != nodes) {
    last = std::make_unique<const Population>(nodes, 1, 0, Probability());
  }
  return *last;
}

void table_build(benchmark::State& state, std::uint32_t nodes, Fill fill, int threads) {
  const Population& population = population_of(nodes);
  const RandomStream stream(1, 0, "network.tables");
  const auto build = [&] {
    ArenaBuckets tables(20);
    on_threads(threads, [&] {
      parallel_clilist_initializer(population, stream, {fill, 20}, tables);
    });
    state.counters["entries"] = static_cast<double>(tables.contacts());
    state.counters["bytes"] = static_cast<double>(tables.bytes());
  };
  // Once before the clock runs: a virtual machine may first have to get the memory from its host,
  // which can take longer than the tables do.
  build();
  for (auto _ : state) build();
}

// Writing as many fresh bytes of the same page kind: what the machine asks for the memory alone.
void first_touch_write(benchmark::State& state, std::size_t bytes, int threads) {
  const auto write = [&] {
    const HugePageArray<char> memory(bytes);
    on_threads(threads, [&] {
      constexpr std::size_t kRun = std::size_t{1} << 20;
      tbb::parallel_for(tbb::blocked_range<std::size_t>(0, bytes, kRun), [&](const auto& run) {
        std::memset(memory.data() + run.begin(), 1, run.size());
      });
    });
    benchmark::DoNotOptimize(memory.data());
  };
  write();
  for (auto _ : state) write();
}

const bool registered = [] {
  struct NamedFill {
    const char* name;
    Fill fill;
  };
  for (const std::uint32_t nodes : {10'000U, 100'000U, 1'000'000U}) {
    for (const NamedFill& fill :
         {NamedFill{"closest", Fill::kClosest}, NamedFill{"random", Fill::kRandom},
          NamedFill{"balanced", Fill::kBalanced}}) {
      for (const int threads : {1, 2}) {
        const std::string name = "table_build/" + std::to_string(nodes) + "/" + fill.name + "/" +
                                 std::to_string(threads);
        benchmark::RegisterBenchmark(name.c_str(), table_build, nodes, fill.fill, threads)
            ->Unit(benchmark::kMillisecond)
            ->MeasureProcessCPUTime()
            ->UseRealTime();
      }
    }
  }
  for (const int threads : {1, 2}) {
    const std::string name = "population/1000000/" + std::to_string(threads);
    benchmark::RegisterBenchmark(name.c_str(), population, 1'000'000U, threads)
        ->Unit(benchmark::kMillisecond)
        ->MeasureProcessCPUTime()
        ->UseRealTime();
  }
  // As many bytes as the tables of 10,000, 100,000 and 1,000,000 nodes take.
  for (const std::size_t bytes :
       {std::size_t{8'600'000}, std::size_t{114'000'000}, std::size_t{1'430'000'000}}) {
    for (const int threads : {1, 2}) {
      const std::string name =
          "first_touch_write/" + std::to_string(bytes) + "/" + std::to_string(threads);
      benchmark::RegisterBenchmark(name.c_str(), first_touch_write, bytes, threads)
          ->Unit(benchmark::kMillisecond)
          ->MeasureProcessCPUTime()
          ->UseRealTime();
    }
  }
  return true;
}();

}  // namespace

BENCHMARK(sha256_name);
BENCHMARK(philox_draw);
BENCHMARK(quantile_table_draw);
BENCHMARK(fingerprint_add);
BENCHMARK(histogram_add);
BENCHMARK(routing_table_closest)->Arg(10'000)->Arg(100'000);

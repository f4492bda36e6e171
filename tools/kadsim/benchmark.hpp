#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kadsim::tools {

/// One round of a benchmark, in seconds since the start of the program.
struct Round {
  double start = 0;
  double finish = 0;
  double prep = 0;  ///< spent on preparing the work, not part of the duration
  bool failed = false;

  [[nodiscard]] double duration() const { return finish - start; }
};

/// What the rounds came to. Failed ones are counted and left out of all other figures.
struct RoundFigures {
  std::size_t rounds = 0;
  std::size_t failed = 0;
  double prep_s = 0;  ///< of all rounds
  double avg_s = 0;
  double median_s = 0;
  double p90_s = 0;
};
RoundFigures figures_of(const std::vector<Round>& rounds);

/// What a benchmark works on.
struct BenchmarkSettings {
  unsigned k = 20;
  std::uint32_t nodes = 1000;
  int threads = 0;  ///< 0: all cores
  std::uint64_t seed = 1;
};

/// One of py-dht's benchmarks. `prepare` makes what a round needs and returns the work that is
/// timed. The work returns a number that depends on all that it did, so that no part of it can be
/// optimised away.
struct Benchmark {
  const char* group;  ///< hashes, routing, network
  const char* name;
  std::function<std::uint64_t()> (*prepare)(const BenchmarkSettings& settings, std::uint64_t round);
};

/// All of them, in py-dht's order.
const std::vector<Benchmark>& benchmarks();

/// Runs `rounds` rounds. A round that throws has failed, and the next one is run.
std::vector<Round> run_benchmark(const Benchmark& benchmark, const BenchmarkSettings& settings,
                                 std::uint64_t rounds);

}  // namespace kadsim::tools

#include "tools/kadsim/stopwatch.hpp"

#include <sys/resource.h>
#include <unistd.h>
#include <array>

namespace kadsim::tools {
namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

Stopwatch::Stopwatch(int threads, Of of) : threads_(threads), of_(of), cpu_start_(cpu_seconds()) {}

void Stopwatch::enter(RunPhase phase) {
  switch (phase) {
    case RunPhase::kBuilding:
      building_ = Clock::now();
      break;
    case RunPhase::kPlaying:
      playing_ = Clock::now();
      break;
    case RunPhase::kDone:
      done_ = Clock::now();
      break;
  }
}

double Stopwatch::cpu_seconds() const {
  rusage usage{};
  getrusage(of_ == Of::kThread ? RUSAGE_THREAD : RUSAGE_SELF, &usage);
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

RunTiming Stopwatch::timing() const {
  using Seconds = std::chrono::duration<double>;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return {.build_seconds = Seconds(playing_ - building_).count(),
          .play_seconds = Seconds(done_ - playing_).count(),
          .wall_seconds = Seconds(Clock::now() - start_).count(),
          .cpu_seconds = cpu_seconds() - cpu_start_,
          .peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024,
          .threads = threads_,
          .host = host.data()};
}

}  // namespace kadsim::tools

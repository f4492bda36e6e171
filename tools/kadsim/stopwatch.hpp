#pragma once

#include <chrono>

#include "sim/results/provenance.hpp"
#include "sim/run/simulation.hpp"
#include "sim/sweep/many_runs.hpp"

namespace kadsim::tools {

/// Takes the time of a run's phases.
class Stopwatch final : public RunWatch {
 public:
  /// Whose processor time counts: that of the whole program, or of the thread that makes and reads
  /// the watch, for a run beside others. `threads` is what the timing will say.
  enum class Of { kProgram, kThread };
  explicit Stopwatch(int threads, Of of = Of::kProgram);

  void enter(RunPhase phase) override;
  /// Of the run so far, with what the system knows of this process.
  [[nodiscard]] RunTiming timing() const override;

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] double cpu_seconds() const;

  int threads_;
  Of of_;
  Clock::time_point start_ = Clock::now();
  double cpu_start_;
  Clock::time_point building_ = start_;
  Clock::time_point playing_ = start_;
  Clock::time_point done_ = start_;
};

}  // namespace kadsim::tools

#pragma once

#include <chrono>

#include "sim/results/provenance.hpp"
#include "sim/run/simulation.hpp"
#include "sim/sweep/many_runs.hpp"

namespace kadsim::tools {

/// Measures the time of the phases of a run.
class Stopwatch final : public RunWatch {
 public:
  /// Which processor time is measured: that of the whole program, or, for a run beside others, that
  /// of the thread which makes and reads the watch. `threads` is reported in the timing as it is.
  enum class Of { kProgram, kThread };
  explicit Stopwatch(int threads, Of of = Of::kProgram);

  void enter(RunPhase phase) override;
  /// The timing of the run so far, with the peak memory of this process.
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

#pragma once

#include <chrono>

#include "sim/run/result_files.hpp"
#include "sim/run/simulation.hpp"

namespace kadsim::tools {

/// Takes the time of a run's phases.
class Stopwatch {
 public:
  void enter(RunPhase phase);
  /// Of the run so far, with what the system knows of this process.
  [[nodiscard]] RunTiming timing(int threads) const;

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
  Clock::time_point building_ = start_;
  Clock::time_point playing_ = start_;
  Clock::time_point done_ = start_;
};

}  // namespace kadsim::tools

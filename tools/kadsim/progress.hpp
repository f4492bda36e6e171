#pragma once

#include <chrono>

#include "sim/run/simulation.hpp"

namespace kadsim::tools {

/// One line on standard error that tells how far a run is, from its first second on, if that is a
/// terminal.
class Progress {
 public:
  explicit Progress(bool quiet);
  void enter(RunPhase phase);
  void show(const RunProgress& now);
  /// Takes the line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool enabled_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = Clock::now();
};

}  // namespace kadsim::tools

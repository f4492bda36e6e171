#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "sim/run/simulation.hpp"

namespace kadsim::tools {

/// One line on standard error that tells how far a run is, shown after its first second if standard
/// error is a terminal. While the network is built a thread of its own reads `setup` and prints;
/// after that the run calls `show`.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// To be updated while the network is built.
  [[nodiscard]] SetupProgress& setup() { return setup_; }
  void enter(RunPhase phase);
  void show(const RunProgress& now);
  /// For many runs, instead of all functions above. Calls must not overlap.
  void show_runs(std::size_t ended, std::size_t runs);
  /// Removes the line.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void watch_setup();
  void stop_watching();
  /// True if a line is to be shown now; then `seconds` is set to the time since the start.
  bool is_time(double& seconds);

  bool enabled_;
  bool shown_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = Clock::now();

  SetupProgress setup_;
  std::mutex mutex_;
  std::condition_variable built_changed_;
  bool built_ = false;
  std::thread watcher_;
};

}  // namespace kadsim::tools

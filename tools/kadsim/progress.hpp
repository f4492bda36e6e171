#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "sim/run/simulation.hpp"

namespace kadsim::tools {

/// One line on standard error that tells how far a run is, from its first second on, if that is a
/// terminal. While the network is built a thread of its own looks at `setup` and prints; after that
/// the run itself calls `show`.
class Progress {
 public:
  explicit Progress(bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// To be told of the building.
  [[nodiscard]] SetupProgress& setup() { return setup_; }
  void enter(RunPhase phase);
  void show(const RunProgress& now);
  /// Of many runs, instead of all of the above. One call at a time.
  void show_runs(std::size_t ended, std::size_t runs);
  /// Takes the line away.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void watch_setup();
  void stop_watching();
  /// Shall a line be shown now? Then also how many seconds it has been.
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

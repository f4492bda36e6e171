#include "tools/kadsim/progress.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <array>
#include <cstdio>

namespace kadsim::tools {
namespace {

constexpr auto kQuietFor = std::chrono::seconds(1);
constexpr auto kEvery = std::chrono::milliseconds(200);

// By SetupPhase.
constexpr std::array kSetupPhases = {"naming nodes", "sorting nodes", "routing tables"};

}  // namespace

Progress::Progress(bool quiet) : enabled_(!quiet && isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() { stop_watching(); }

void Progress::enter(RunPhase phase) {
  if (!enabled_) return;
  if (phase == RunPhase::kBuilding) {
    watcher_ = std::thread([this] { watch_setup(); });
  } else {
    stop_watching();
    clear();
  }
}

void Progress::watch_setup() {
  std::unique_lock lock(mutex_);
  const auto built = [this] { return built_; };
  built_changed_.wait_for(lock, kQuietFor, built);
  while (!built_) {
    fmt::print(stderr, "\r\033[Kbuilding the network: {}, {} %",
               kSetupPhases.at(static_cast<std::size_t>(setup_.phase())), setup_.percent());
    std::fflush(stderr);
    shown_ = true;
    built_changed_.wait_for(lock, kEvery, built);
  }
}

void Progress::stop_watching() {
  if (!watcher_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    built_ = true;
  }
  built_changed_.notify_one();
  watcher_.join();
}

bool Progress::is_time(double& seconds) {
  if (!enabled_) return false;
  const auto time = Clock::now();
  if (time - start_ < kQuietFor || time - last_ < kEvery) return false;
  last_ = time;
  seconds = std::chrono::duration<double>(time - start_).count();
  shown_ = true;
  return true;
}

void Progress::show(const RunProgress& now) {
  double seconds = 0;
  if (!is_time(seconds)) return;
  fmt::print(stderr, "\r\033[K{} of {} operations, {:.1f} s of virtual time, {:.0f} s", now.ended,
             now.operations, static_cast<double>(now.now.ns()) / 1e9, seconds);
  std::fflush(stderr);
}

void Progress::show_runs(std::size_t ended, std::size_t runs) {
  double seconds = 0;
  if (!is_time(seconds)) return;
  fmt::print(stderr, "\r\033[K{} of {} runs, {:.0f} s", ended, runs, seconds);
  std::fflush(stderr);
}

void Progress::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace kadsim::tools

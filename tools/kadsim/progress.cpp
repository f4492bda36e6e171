#include "tools/kadsim/progress.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <cstdio>

namespace kadsim::tools {

Progress::Progress(bool quiet) : enabled_(!quiet && isatty(STDERR_FILENO) == 1) {}

void Progress::enter(RunPhase phase) {
  if (!enabled_) return;
  if (phase == RunPhase::kBuilding) {
    fmt::print(stderr, "building the network ...");
    std::fflush(stderr);
    shown_ = true;
  } else {
    clear();
  }
}

void Progress::show(const RunProgress& now) {
  if (!enabled_) return;
  const auto time = Clock::now();
  if (time - start_ < std::chrono::seconds(1) || time - last_ < std::chrono::milliseconds(200))
    return;
  last_ = time;
  const double seconds = std::chrono::duration<double>(time - start_).count();
  fmt::print(stderr, "\r\033[K{} of {} operations, {:.1f} s of virtual time, {:.0f} s", now.ended,
             now.operations, static_cast<double>(now.now.ns()) / 1e9, seconds);
  std::fflush(stderr);
  shown_ = true;
}

void Progress::clear() {
  if (!shown_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  shown_ = false;
}

}  // namespace kadsim::tools

#include "tools/kadsim/interrupt.hpp"

#include "sim/run/simulation.hpp"

#include <unistd.h>
#include <atomic>
#include <csignal>

namespace kadsim::tools {
namespace {

volatile std::sig_atomic_t caught = 0;
// Read by the signal handler, which may run on any thread.
std::atomic<const LeaveAtOnce*> leaving{nullptr};
static_assert(std::atomic<const LeaveAtOnce*>::is_always_lock_free);

extern "C" void on_interrupt(int signal) {
  caught = signal;
  if (const LeaveAtOnce* at_once = leaving.load()) at_once->leave(signal);
}

bool is_ignored(int signal) {
  struct sigaction now {};
  sigaction(signal, nullptr, &now);
  return now.sa_handler == SIG_IGN;
}

}  // namespace

void catch_interrupts() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  if (!is_ignored(SIGHUP)) sigaction(SIGHUP, &action, nullptr);
  std::signal(SIGXFSZ, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
}

int interrupt_signal() { return caught; }

LeaveAtOnce::LeaveAtOnce(const std::vector<std::filesystem::path>& made)
    : farewell_("kadsim: interrupted while the network was built; no results were written\n") {
  for (const std::filesystem::path& path : made) made_.push_back(path.string());
  // Over the line that tells the progress.
  if (isatty(STDERR_FILENO) == 1) farewell_.insert(0, "\r\033[K");
  leaving = this;
  if (caught == 0) return;
  stop();
  throw RunInterrupted();
}

void LeaveAtOnce::stop() { leaving = nullptr; }

void LeaveAtOnce::leave(int signal) const {
  for (const std::string& path : made_) {
    if (::unlink(path.c_str()) != 0) ::rmdir(path.c_str());
  }
  if (::write(STDERR_FILENO, farewell_.data(), farewell_.size()) < 0) {
    // The message is lost; the exit code says the same.
  }
  ::_exit(128 + signal);
}

}  // namespace kadsim::tools

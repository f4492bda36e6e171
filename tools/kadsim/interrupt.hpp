#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kadsim::tools {

/// From now on SIGINT, SIGTERM and SIGHUP ask the run to stop instead of ending the program; a
/// second signal ends it. If SIGHUP was ignored before, it stays ignored, as nohup wants. A file
/// size limit and a closed pipe arrive as errors of write() from now on.
void catch_interrupts();

/// The signal that asked the run to stop; 0 if there was none.
int interrupt_signal();

/// While it is active, a signal that asks the program to stop ends it at once. Used while a network
/// is built, as `interrupt_signal` is not polled then. The files made so far are removed and the
/// exit code is 128 + the signal; nothing is destroyed or flushed. There is at most one such
/// object, and it must outlive the work that it covers.
class LeaveAtOnce {
 public:
  /// `made` will be removed in its order, folders only if they are empty. Throws RunInterrupted if
  /// the program was asked to stop before.
  explicit LeaveAtOnce(const std::vector<std::filesystem::path>& made);
  ~LeaveAtOnce() { stop(); }
  LeaveAtOnce(const LeaveAtOnce&) = delete;
  LeaveAtOnce& operator=(const LeaveAtOnce&) = delete;

  /// Ends the time in which signals end the program: `interrupt_signal` is polled from now on.
  void stop();

  /// Called by the signal handler, so it makes only calls that are safe there.
  [[noreturn]] void leave(int signal) const;

 private:
  std::vector<std::string> made_;
  std::string farewell_;
};

}  // namespace kadsim::tools

#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace kadsim::tools {

/// From now on SIGINT, SIGTERM and SIGHUP ask the run to stop instead of ending the program; a
/// second one ends it. A SIGHUP that was ignored stays so: nohup asked for that. Also has a file
/// size limit and a closed pipe arrive as errors of write().
void catch_interrupts();

/// The signal that asked to stop; 0 if none did.
int interrupt_signal();

/// Ends the program at once when it is asked to stop, for a time in which nobody looks: while a
/// network is built. What was made by then is removed and the exit code is 128 + the signal;
/// nothing is destroyed or flushed. There is at most one; it must outlive whatever runs in that
/// time.
class LeaveAtOnce {
 public:
  /// `made` is removed in its order, folders only where they are empty. Throws RunInterrupted if
  /// the program has been asked before.
  explicit LeaveAtOnce(const std::vector<std::filesystem::path>& made);
  ~LeaveAtOnce() { stop(); }
  LeaveAtOnce(const LeaveAtOnce&) = delete;
  LeaveAtOnce& operator=(const LeaveAtOnce&) = delete;

  /// From now on somebody looks at `interrupt_signal`.
  void stop();

  /// For the signal handler, so nothing but calls that are safe there.
  [[noreturn]] void leave(int signal) const;

 private:
  std::vector<std::string> made_;
  std::string farewell_;
};

}  // namespace kadsim::tools

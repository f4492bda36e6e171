#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace kadsim::tools {

/// Exit codes, those of sysexits.h where it has one.
enum ExitCode : int {
  kDone = 0,
  kCheckFailed = 1,
  kUsage = 2,
  kBadData = 65,
  kUnreadable = 66,
  kInternal = 70,
  kCannotWrite = 73,
  kInterrupted = 130,  ///< SIGINT; 143 for SIGTERM, 129 for SIGHUP
};

/// The command line is wrong: exit code 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Arguments = std::vector<std::string>;

/// One command of the program. `run` receives the arguments that follow the name of the command and
/// returns an exit code.
struct Command {
  const char* name;
  const char* help;  ///< one line
  int (*run)(const Arguments& arguments);
};

const std::vector<Command>& commands();

int run_command(const Arguments& arguments);
int check_command(const Arguments& arguments);
int schema_command(const Arguments& arguments);
int list_command(const Arguments& arguments);
int diff_command(const Arguments& arguments);
int bench_command(const Arguments& arguments);

/// The one of `names` that is nearest to a mistyped `name`, as " (did you mean 'x'?)"; empty if
/// none is near.
std::string did_you_mean(const std::string& name, const std::vector<std::string>& names);

}  // namespace kadsim::tools

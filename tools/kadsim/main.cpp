// The command line: finds the command, and turns each kind of error into one message and an exit
// code.

#include "core/base/assert.hpp"
#include "core/base/input_error.hpp"
#include "core/event/scheduler.hpp"
#include "sim/run/simulation.hpp"
#include "tools/kadsim/build_info.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/interrupt.hpp"
#include "tools/kadsim/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <new>

namespace kadsim::tools {

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {"run", "play a scenario and write its results", run_command},
      {"check", "check scenario files without running them", check_command},
      {"diff", "compare the results of two runs or sweeps", diff_command},
      {"schema", "print the JSON Schema of scenario files", schema_command},
      {"list", "list strategies, fills, delay models or metrics", list_command},
      {"bench", "py-dht's benchmarks: hashes, routing, network", bench_command},
  };
  return all;
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& names) {
  const auto distance = [](const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= b.size(); ++j) {
        const std::size_t changed = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
        diagonal = row[j];
        row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
      }
    }
    return row.back();
  };
  std::size_t best = 3;  // a word more than two changes away is not suggested
  std::string nearest;
  for (const std::string& other : names) {
    if (const std::size_t d = distance(name.substr(0, 64), other); d < best) {
      best = d;
      nearest = other;
    }
  }
  return nearest.empty() ? "" : fmt::format(" (did you mean '{}'?)", nearest);
}

namespace {

std::string usage() {
  std::string text =
      "usage: kadsim COMMAND [arguments]\n\nA deterministic simulator of Kademlia "
      "DHTs.\n\nCommands:\n";
  for (const Command& command : commands())
    text += fmt::format("  {:<8} {}\n", command.name, command.help);
  text +=
      "\n  kadsim COMMAND --help   what a command takes\n"
      "  kadsim --version        version, commit and compiler\n";
  return text;
}

int dispatch(const Arguments& arguments) {
  if (arguments.empty()) {
    throw UsageError(
        "no command (want one of: run, check, diff, schema, list, bench; see kadsim --help)");
  }
  const std::string& name = arguments.front();
  if (name == "--help" || name == "-h" || name == "help") {
    print(usage());
    return kDone;
  }
  if (name == "--version") {
    if (arguments.size() > 1) {
      throw UsageError(fmt::format("--version takes no arguments ('{}')", arguments[1]));
    }
    const BuildInfo build = build_info();
    print(fmt::format("kadsim {} ({}), {}\n", build.version, build.commit, build.compiler));
    return kDone;
  }
  const auto command = std::find_if(commands().begin(), commands().end(),
                                    [&](const Command& c) { return name == c.name; });
  if (command == commands().end()) {
    std::vector<std::string> names;
    for (const Command& c : commands()) names.emplace_back(c.name);
    throw UsageError(fmt::format("unknown command '{}'{}", name, did_you_mean(name, names)));
  }
  return command->run({arguments.begin() + 1, arguments.end()});
}

int complain(ExitCode code, const std::string& message) {
  fmt::print(stderr, "kadsim: {}\n", message);
  return code;
}

}  // namespace
}  // namespace kadsim::tools

int main(int argc, char** argv) {
  using namespace kadsim;
  using namespace kadsim::tools;
  try {
    return dispatch({argv + 1, argv + argc});
  } catch (const UsageError& error) {
    return complain(kUsage, error.what());
  } catch (const UnreadableError& error) {
    return complain(kUnreadable, error.what());
  } catch (const InputError& error) {
    // The report names its own file and line.
    fmt::print(stderr, "{}\n", error.what());
    return kBadData;
  } catch (const OutputError& error) {
    return complain(kCannotWrite, error.what());
  } catch (const RunInterrupted&) {
    complain(kInterrupted, "interrupted; no results were written");
    return 128 + interrupt_signal();
  } catch (const std::bad_alloc&) {
    return complain(kInternal, "out of memory");
  } catch (const std::exception& error) {
    return complain(kInternal, fmt::format("internal error: {}", error.what()));
  }
}

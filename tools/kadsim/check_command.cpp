#include "core/base/input_error.hpp"
#include "sim/run/check_data.hpp"
#include "sim/run/memory_estimate.hpp"
#include "sim/scenario/decode.hpp"
#include "sim/scenario/print.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/machine_memory.hpp"
#include "tools/kadsim/options.hpp"

#include <boost/program_options.hpp>

#include <fmt/format.h>

#include <cstdio>

namespace kadsim::tools {
namespace po = boost::program_options;
namespace {

std::uint64_t needed_by(const Scenario& scenario) {
  return estimate_memory(scenario, settled_storage(scenario, machine_memory())).peak();
}

}  // namespace

int check_command(const Arguments& arguments) {
  OptionSet options{
      .usage = "kadsim check FILE... [options]",
      .summary =
          "Checks scenario files without running them, and tells how much memory a run takes.\n"
          "Exits 65 if one is wrong, 66 if one can't be read.",
      .positional = "file",
      .max_positional = -1};
  options.named.add_options()                                                    //
      ("file", po::value<std::vector<std::string>>(), "a scenario")              //
      ("set", po::value<std::vector<std::string>>(), "PATH=VALUE, as with run")  //
      ("print", "print the effective scenario, all defaults filled in");
  const po::variables_map values = parse_options(options, arguments);
  if (help_printed(options, values)) return kDone;
  if (values.count("file") == 0) throw UsageError("no scenario file (want: kadsim check FILE...)");
  std::vector<std::string> overrides;
  if (values.count("set") != 0) overrides = values["set"].as<std::vector<std::string>>();

  int code = kDone;
  for (const std::string& file : values["file"].as<std::vector<std::string>>()) {
    try {
      const Scenario scenario = read_scenario(file, overrides);
      check_data(scenario);
      print(values.count("print") != 0 ? print_scenario(scenario)
                                       : fmt::format("{}: good; a run takes about {} of memory\n",
                                                     file, format_bytes(needed_by(scenario))));
    } catch (const UnreadableError& error) {
      fmt::print(stderr, "kadsim: {}\n", error.what());
      code = std::max<int>(code, kUnreadable);
    } catch (const InputError& error) {
      fmt::print(stderr, "{}\n", error.what());
      code = std::max<int>(code, kBadData);
    }
  }
  return code;
}

}  // namespace kadsim::tools

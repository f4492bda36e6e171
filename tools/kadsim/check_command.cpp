#include "core/base/input_error.hpp"
#include "sim/input/text_file.hpp"
#include "sim/run/memory_estimate.hpp"
#include "sim/scenario/run_plan.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/machine_memory.hpp"
#include "tools/kadsim/options.hpp"
#include "tools/kadsim/run_many.hpp"

#include <boost/program_options.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

namespace kadsim::tools {
namespace po = boost::program_options;
namespace {

std::string good_news(const std::string& file, const RunPlan& plan) {
  std::uint64_t needed = 0;
  for (const Point& point : plan.points) {
    const TableStorage storage = settled_storage(point.scenario, machine_memory());
    needed = std::max(needed, estimate_memory(point.scenario, storage).peak());
  }
  const std::string count = plan.many ? fmt::format("{} runs; ", plan.runs()) : "";
  return fmt::format("{}: good; {}a run takes about {} of memory\n", file, count,
                     format_bytes(needed));
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
      ("print",
       "print the effective scenario, all defaults filled in;\nof many runs the scenario that "
       "makes them");
  const po::variables_map values = parse_options(options, arguments);
  if (help_printed(options, values)) return kDone;
  if (values.count("file") == 0) throw UsageError("no scenario file (want: kadsim check FILE...)");
  std::vector<std::string> overrides;
  if (values.count("set") != 0) overrides = values["set"].as<std::vector<std::string>>();

  int code = kDone;
  for (const std::string& file : values["file"].as<std::vector<std::string>>()) {
    try {
      const RunPlan plan = plan_runs(read_text_file_or_pipe(file), file, overrides);
      check_data(plan);
      print(values.count("print") != 0 ? plan.text : good_news(file, plan));
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

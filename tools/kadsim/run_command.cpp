#include "core/base/input_error.hpp"
#include "sim/input/text_file.hpp"
#include "sim/results/report.hpp"
#include "sim/results/result_files.hpp"
#include "sim/results/result_folder.hpp"
#include "sim/run/check_data.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/print.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/sweep/many_runs.hpp"
#include "tools/kadsim/build_info.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/interrupt.hpp"
#include "tools/kadsim/machine_memory.hpp"
#include "tools/kadsim/options.hpp"
#include "tools/kadsim/progress.hpp"
#include "tools/kadsim/run_many.hpp"
#include "tools/kadsim/stopwatch.hpp"

#include <boost/program_options.hpp>

#include <filesystem>

namespace kadsim::tools {
namespace {

namespace po = boost::program_options;

RunArguments read_arguments(const po::variables_map& values) {
  RunArguments arguments;
  if (values.count("file") == 0)
    throw UsageError("no scenario file (want: kadsim run FILE [options])");
  arguments.file = values["file"].as<std::string>();
  arguments.directory =
      values.count("output") != 0
          ? std::filesystem::path(values["output"].as<std::string>())
          : std::filesystem::path("out") / std::filesystem::path(arguments.file).stem();
  if (arguments.directory.empty()) throw UsageError("--output: want the name of a folder");
  if (values.count("set") != 0) arguments.overrides = values["set"].as<std::vector<std::string>>();
  if (values.count("seed") != 0) {
    const std::string& seed = values["seed"].as<std::string>();
    arguments.overrides.push_back("seed=" +
                                  std::to_string(whole_number("--seed", seed, 0, UINT64_MAX)));
  }
  if (values.count("threads") != 0) {
    arguments.threads =
        static_cast<int>(whole_number("--threads", values["threads"].as<std::string>(), 1, 1024));
  }
  arguments.quiet = values.count("quiet") != 0;
  arguments.force = values.count("force") != 0;
  return arguments;
}

int play_one(const RunArguments& arguments, const Scenario& scenario) {
  check_data(scenario);
  const std::string text = print_scenario(scenario);
  const std::uint64_t memory_bytes = machine_memory();
  require_fit(arguments.file, scenario, memory_bytes);
  catch_interrupts();
  // The folder is opened before the run, so that any obstacle is found first.
  ResultFolder folder({.directory = arguments.directory,
                       .scenario_name = scenario.name,
                       .scenario_sha256 = Hash::of_name(text),
                       .names = result_file_names(),
                       .force = arguments.force});

  Stopwatch watch(threads_of(arguments));
  Progress progress(arguments.quiet);
  RunHooks hooks;
  hooks.threads = arguments.threads;
  hooks.setup = &progress.setup();
  hooks.machine_bytes = memory_bytes;
  if (scenario.output.connections) hooks.connections = &folder.begin(kConnectionsCsv);
  LeaveAtOnce while_building(folder.made());
  hooks.on_phase = [&](RunPhase phase) {
    if (phase == RunPhase::kPlaying) while_building.stop();
    watch.enter(phase);
    progress.enter(phase);
  };
  hooks.on_progress = [&](const RunProgress& now) {
    progress.show(now);
    return interrupt_signal() == 0;
  };
  const RunResult result = run_simulation(scenario, hooks);
  progress.clear();
  if (interrupt_signal() != 0) throw RunInterrupted();

  const RunTiming timing = watch.timing();
  write_results(folder, scenario, text, result, timing, build_info());
  if (!arguments.quiet) {
    print(format_report(scenario, result, timing) + "  results in " + arguments.directory.string() +
          "\n");
  }
  return kDone;
}

int run(const RunArguments& arguments) {
  // Kept for errors that are found only when the network is made: a pipe cannot be read twice.
  const std::string text = read_text_file_or_pipe(arguments.file);
  const RunPlan plan = plan_runs(text, arguments.file, arguments.overrides);
  try {
    return plan.many ? play_many_runs(arguments, plan) : play_one(arguments, plan.scenario_of(0));
  } catch (const PointError& error) {
    throw located_at_point(error.error(), error.point(), text, arguments.file, arguments.overrides);
  } catch (const SettingError& error) {
    throw located_at_point(error, 0, text, arguments.file, arguments.overrides);
  }
}

}  // namespace

int run_command(const Arguments& arguments) {
  OptionSet options{
      .usage = "kadsim run FILE [options]",
      .summary =
          "Plays the scenario in FILE, prints a short report, and writes the results\n"
          "(scenario.json, runs.csv, operations.csv, fingerprints.csv, manifest.json,\n"
          "timing.json; connections.csv if the scenario asks for it). A scenario with\n"
          "`replicas`, `points` or a `sweep` is many runs: each has these files in a\n"
          "folder of its own, below `runs`.",
      .positional = "file"};
  options.named.add_options()                             //
      ("file", po::value<std::string>(), "the scenario")  //
      ("output,o", po::value<std::string>(),
       "folder of the results (default: out/NAME OF FILE)")                   //
      ("seed", po::value<std::string>(), "seed, in place of the scenario's")  //
      ("set", po::value<std::vector<std::string>>(),
       "PATH=VALUE in place of what the scenario says, e.g. client.k=10; may be repeated")  //
      ("threads", po::value<std::string>(),
       "threads that build the network, or play runs side by side\n(default: all cores)")  //
      ("force", "overwrite another scenario's results")                                    //
      ("quiet,q", "no report and no progress");
  const po::variables_map values = parse_options(options, arguments);
  if (help_printed(options, values)) return kDone;
  return run(read_arguments(values));
}

}  // namespace kadsim::tools

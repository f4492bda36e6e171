#include "tools/kadsim/run_many.hpp"

#include "sim/results/result_folder.hpp"
#include "sim/run/check_data.hpp"
#include "sim/run/memory_estimate.hpp"
#include "sim/scenario/data_files.hpp"
#include "sim/sweep/many_files.hpp"
#include "sim/sweep/many_report.hpp"
#include "sim/sweep/many_runs.hpp"
#include "tools/kadsim/build_info.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/interrupt.hpp"
#include "tools/kadsim/machine_memory.hpp"
#include "tools/kadsim/options.hpp"
#include "tools/kadsim/progress.hpp"
#include "tools/kadsim/stopwatch.hpp"

#include <algorithm>
#include <memory>
#include <thread>

namespace kadsim::tools {

int threads_of(const RunArguments& arguments) {
  return arguments.threads > 0 ? arguments.threads
                               : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

void check_data(const RunPlan& plan) {
  for (std::size_t point = 0; point < plan.points.size(); ++point) {
    const Scenario& scenario = plan.points[point].scenario;
    if (data_files(scenario).empty()) continue;
    try {
      kadsim::check_data(scenario);
    } catch (const SettingError& error) {
      throw PointError(error, point);
    }
  }
}

int play_many_runs(const RunArguments& arguments, const RunPlan& plan) {
  check_data(plan);
  const std::uint64_t memory_bytes = machine_memory();
  for (const Point& point : plan.points) require_fit(arguments.file, point.scenario, memory_bytes);
  catch_interrupts();
  ResultFolder folder({.directory = arguments.directory,
                       .scenario_name = plan.name,
                       .scenario_sha256 = Hash::of_name(plan.text),
                       .names = result_file_names(),
                       .force = arguments.force,
                       .many = true});

  const int threads = threads_of(arguments);
  const Stopwatch watch(threads);
  Progress progress(arguments.quiet);
  ManyRunsHooks hooks;
  hooks.side_by_side = runs_side_by_side(plan, static_cast<std::size_t>(threads), memory_bytes);
  hooks.threads = threads;
  hooks.machine_bytes = memory_bytes;
  hooks.build = build_info();
  hooks.cancelled = [] { return interrupt_signal() != 0; };
  const bool alone = hooks.side_by_side == 1;
  hooks.watch = [&] {
    return std::make_unique<Stopwatch>(alone ? threads : 1,
                                       alone ? Stopwatch::Of::kProgram : Stopwatch::Of::kThread);
  };
  hooks.on_run = [&](std::size_t ended) { progress.show_runs(ended, plan.runs()); };
  const ManyRunsResult result = play_many(plan, folder.begin_runs(), hooks);
  progress.clear();

  const RunTiming timing = watch.timing();
  write_many_results(folder, plan, result, timing, hooks.side_by_side, hooks.build);
  if (!arguments.quiet) {
    print(format_many_report(plan, result, timing, hooks.side_by_side) + "  results in " +
          arguments.directory.string() + "\n");
  }
  return kDone;
}

}  // namespace kadsim::tools

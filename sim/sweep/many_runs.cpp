#include "sim/sweep/many_runs.hpp"

#include "sim/results/run_row.hpp"
#include "sim/run/memory_estimate.hpp"
#include "sim/scenario/print.hpp"
#include "sim/world/parallel.hpp"

#include <fmt/format.h>
#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>

namespace kadsim {
namespace {

/// Plays the runs of one plan, each on the worker that is free next.
class Player {
 public:
  Player(const RunPlan& plan, const std::filesystem::path& folder, const ManyRunsHooks& hooks)
      : plan_(plan), folder_(folder), hooks_(hooks), pool_(plan.points.size(), plan.replicas) {
    result_.table = RunTable(plan.runs());
    result_.fingerprints.resize(plan.runs());
  }

  /// Plays runs until none is left or one has failed.
  void work() {
    for (std::size_t run = next_++; run < plan_.runs() && !given_up(); run = next_++) {
      try {
        play(run);
      } catch (...) {
        remember(run, std::current_exception());
      }
    }
  }

  ManyRunsResult finish() {
    if (hooks_.cancelled && hooks_.cancelled()) throw RunInterrupted();
    if (problem_ != nullptr) std::rethrow_exception(problem_);
    result_.points = pool_.take_figures();
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool given_up() const {
    return failed_.load(std::memory_order_relaxed) || (hooks_.cancelled && hooks_.cancelled());
  }

  void play(std::size_t run) {
    const Scenario scenario = plan_.scenario_of(run);
    const std::string text = print_scenario(scenario);
    ResultFolder folder({.directory = folder_ / folder_of_run(plan_, run),
                         .scenario_name = scenario.name,
                         .scenario_sha256 = Hash::of_name(text),
                         .names = result_file_names()});
    const std::unique_ptr<RunWatch> watch = hooks_.watch();
    SetupProgress setup([this] { return given_up(); });
    RunHooks hooks;
    hooks.threads = hooks_.side_by_side > 1 ? 1 : hooks_.threads;
    hooks.setup = &setup;
    hooks.machine_bytes = hooks_.machine_bytes / hooks_.side_by_side;
    hooks.on_phase = [&](RunPhase phase) { watch->enter(phase); };
    hooks.on_progress = [this](const RunProgress&) { return !given_up(); };
    if (scenario.output.connections) hooks.connections = &folder.begin(kConnectionsCsv);
    const RunResult result = simulate(run, scenario, hooks);
    write_results(folder, scenario, text, result, watch->timing(), hooks_.build);
    keep(run, scenario, result);
  }

  RunResult simulate(std::size_t run, const Scenario& scenario, const RunHooks& hooks) const {
    try {
      return run_simulation(scenario, hooks);
    } catch (const SettingError& error) {
      throw PointError(error, run / plan_.replicas);
    }
  }

  void keep(std::size_t run, const Scenario& scenario, const RunResult& result) {
    RunRow row = row_of_run(scenario, result);
    pool_.add(run / plan_.replicas, scenario, result);
    const std::lock_guard lock(mutex_);
    result_.table.set(run, std::move(row));
    result_.fingerprints[run] = result.fingerprint.total();
    result_.records += result.fingerprint.records();
    result_.events += result.events;
    ++ended_;
    if (hooks_.on_run) hooks_.on_run(ended_);
  }

  // Of several problems that of the first run is kept. A run that was given up because another one
  // failed has no problem of its own.
  void remember(std::size_t run, const std::exception_ptr& problem) {
    const std::lock_guard lock(mutex_);
    const bool given_up_by_others = failed_.exchange(true) && is_interrupt(problem);
    if (given_up_by_others || (problem_ != nullptr && run > problem_run_)) return;
    problem_ = problem;
    problem_run_ = run;
  }

  static bool is_interrupt(const std::exception_ptr& problem) {
    try {
      std::rethrow_exception(problem);
    } catch (const RunInterrupted&) {
      return true;
    } catch (...) {
      return false;
    }
  }

  const RunPlan& plan_;
  const std::filesystem::path& folder_;
  const ManyRunsHooks& hooks_;
  PointPool pool_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::size_t ended_ = 0;
  std::exception_ptr problem_;
  std::size_t problem_run_ = 0;
  ManyRunsResult result_;
};

}  // namespace

Fingerprint ManyRunsResult::total() const {
  Fingerprint total;
  for (const Fingerprint& fingerprint : fingerprints) total.merge(fingerprint);
  return total;
}

std::filesystem::path folder_of_run(const RunPlan& plan, std::size_t run) {
  const std::string replica = fmt::format("replica-{}", plan.scenario_of(run).replica);
  if (plan.axes.empty()) return replica;
  return std::filesystem::path(
             fmt::format("{:04}-{}", run / plan.replicas + 1, plan.point_of(run).name)) /
         replica;
}

std::size_t runs_side_by_side(const RunPlan& plan, std::size_t most, std::uint64_t machine_bytes) {
  std::size_t count = std::min(most, plan.runs());
  for (; count > 1 && machine_bytes > 0; --count) {
    std::uint64_t program = 0;  // held once, by all runs together
    std::uint64_t largest = 0;
    for (const Point& point : plan.points) {
      const TableStorage storage = settled_storage(point.scenario, machine_bytes / count);
      const MemoryEstimate estimate = estimate_memory(point.scenario, storage);
      program = estimate.program;
      largest = std::max(largest, estimate.peak() - program);
    }
    if (program + count * largest <= machine_bytes) break;
  }
  return count;
}

ManyRunsResult play_many(const RunPlan& plan, const std::filesystem::path& folder,
                         const ManyRunsHooks& hooks) {
  Player player(plan, folder, hooks);
  if (hooks.side_by_side <= 1) {
    player.work();
    return player.finish();
  }
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, hooks.side_by_side);
  tbb::task_arena arena(static_cast<int>(hooks.side_by_side));
  arena.execute([&] { parallel_each(hooks.side_by_side, [&](std::uint64_t) { player.work(); }); });
  return player.finish();
}

}  // namespace kadsim

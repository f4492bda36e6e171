#include "sim/scenario/describe.hpp"
#include "sim/scenario/duration_text.hpp"
#include "sim/scenario/number_text.hpp"
#include "sim/scenario/shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <variant>

namespace kadsim {
namespace {

using namespace shape;

constexpr Duration kTick = Duration::nanoseconds(1);

// Of everything that has a time, what would come after the end of the run.
void check_times(Rules& rules, const Scenario& scenario) {
  if (!scenario.stop_at) return;
  const SimTime stop = *scenario.stop_at;
  const std::string end = format_duration(stop - SimTime());
  if (scenario.measure.from >= stop) {
    rules.broken({"measure.from", "stop.at"},
                 fmt::format("{} is not before the end of the run ({})",
                             format_duration(scenario.measure.from - SimTime()), end),
                 "want a time before stop.at");
  }
  for (std::size_t i = 0; i < scenario.workload.size(); ++i) {
    const SimTime start = scenario.workload[i].start;
    if (start < stop) continue;
    rules.broken({fmt::format("workload.{}.start", i), "stop.at"},
                 fmt::format("{} is not before the end of the run ({})",
                             format_duration(start - SimTime()), end),
                 "want a time before stop.at");
  }
}

// Whether the arrivals of open loops stay far from the end of time. The mean is all that can be
// told before a run; what may come later than it is small beside what is left then.
void check_arrivals(Rules& rules, const Scenario& scenario) {
  if (scenario.stop_at) return;
  for (std::size_t i = 0; i < scenario.workload.size(); ++i) {
    const WorkloadEntry& entry = scenario.workload[i];
    const auto* open = std::get_if<OpenLoop>(&entry.arrival);
    if (open == nullptr) continue;
    const auto left_ns = static_cast<double>((kLastArrival - entry.start).ns());
    const double most = std::floor(left_ns / 1e9 * open->rate_per_s);
    if (static_cast<double>(entry.count) <= most) continue;
    const auto key = [i](std::string_view name) { return fmt::format("workload.{}.{}", i, name); };
    rules.broken(
        {key("count"), key("rate_per_s"), key("start"), "stop.at"},
        fmt::format("from {} on, at {} a second, the last would arrive after {} of virtual "
                    "time",
                    format_duration(entry.start - SimTime()), format_real(open->rate_per_s),
                    format_duration(kLastArrival - SimTime())),
        fmt::format("want a whole number from 1 to {:.0f}, a greater rate_per_s, or stop.at",
                    most));
  }
}

FieldValue optional_time(std::optional<SimTime>& value) {
  return optional_of(value, [](SimTime& at) { return time(at, kTick); });
}

}  // namespace

void describe(Fields& fields, Scenario& scenario) {
  unsigned version = 1;
  fields.add("version", integer(version, 1, 1), "Version of this format.", kRequired);
  fields.add("name", text(scenario.name), "A short name for the results.");
  fields.add("description", text(scenario.description), "What the scenario is for.");
  fields.add("seed", integer(scenario.seed), "The world is a function of it.");
  fields.add("replica", integer(scenario.replica),
             "Number of the repetition; each has a network of its own.");
  describe_runs(fields, scenario);
  fields.add("network", object_with([&scenario](Fields& network) {
               describe_network(network, scenario.network, scenario.client);
             }),
             "Nodes, their tables, and the links between them.");
  fields.add("client", object(scenario.client), "How every node behaves.");
  fields.add("workload",
             list_of(
                 scenario.workload, [](WorkloadEntry& entry) { return object(entry); }, 1),
             "The operations that are run.", kRequired);
  fields.add("measure", object(scenario.measure), "Which operations the summary counts.");
  fields.add("stop", object_with([&scenario](Fields& stop) {
               stop.add("at", optional_time(scenario.stop_at),
                        "The run is cut off here; null: it ends with its last event.");
             }),
             "When the run ends.");
  fields.add("output", object(scenario.output), "Which files are written besides the summary.");
  fields.rule([&scenario](Rules& rules) {
    check_workload(rules, scenario.workload);
    check_times(rules, scenario);
    check_arrivals(rules, scenario);
    check_clients(rules, scenario);
    check_origins(rules, scenario);
  });
}

void describe_runs(Fields& fields, Scenario& scenario) {
  RunsOptions& runs = scenario.runs;
  fields.add("replicas", integer(runs.replicas, 1, kMaxRuns),
             "How many replicas of each point are run, from `replica` on.");
  fields.add("points", list_of(runs.points, [](NamedPoint& point) { return object(point); }),
             "Settings of several keys at once, by name, a point each.");
  fields.add("sweep", settings(runs.sweep, SettingKind::kValues),
             "Values for keys; every combination is a point, the last key changing fastest.");
  fields.rule([&scenario](Rules& rules) {
    const std::uint64_t last = std::uint64_t{scenario.replica} + scenario.runs.replicas - 1;
    if (last <= std::numeric_limits<std::uint32_t>::max()) return;
    rules.broken({"replicas", "replica"},
                 fmt::format("the last replica would have the number {}", last),
                 "want numbers up to 4294967295");
  });
}

void describe(Fields& fields, NamedPoint& point) {
  fields.add("name", name(point.name), "Unique among the points; names rows and folders.",
             kRequired);
  fields.add("set", settings(point.set, SettingKind::kValue),
             "What is set at this point, as by --set.");
}

void describe(Fields& fields, MeasureOptions& measure) {
  fields.add("from", time(measure.from), "Operations that arrive earlier are not counted.");
  fields.add("until", optional_time(measure.until),
             "Nor those that arrive at this time or later; null: to the end.");
  fields.rule([&measure](Rules& rules) {
    if (!measure.until || *measure.until > measure.from) return;
    rules.broken({"until", "from"},
                 fmt::format("{} is not after measure.from ({})",
                             format_duration(*measure.until - SimTime()),
                             format_duration(measure.from - SimTime())),
                 "want from < until");
  });
}

void describe(Fields& fields, OutputOptions& output) {
  fields.add("operations", boolean(output.operations), "Write operations.csv, a row an operation.");
  fields.add("connections", boolean(output.connections),
             "Write connections.csv, a row an interaction.");
}

}  // namespace kadsim

#include "core/lookup/strategies.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/reference.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/options.hpp"

#include <boost/program_options.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kadsim::tools {
namespace {

struct Line {
  std::string name;
  std::string help;
};

std::vector<Line> strategies() {
  std::vector<Line> lines;
  for (const StrategyInfo& strategy : lookup_strategies()) {
    lines.push_back({std::string(strategy.name), std::string(strategy.help)});
  }
  return lines;
}

// Names and help come from the description of the scenario's fields, the only place that has them.
std::vector<Line> described(std::span<const Named> names) {
  std::vector<Line> lines;
  for (const auto& [name, help] : names) lines.push_back({std::string(name), std::string(help)});
  return lines;
}

std::vector<Line> fills() { return described(table_fills()); }
std::vector<Line> models() { return described(delay_models()); }

std::vector<Line> metrics() {
  return {
      {"attempts", "Contacts tried by the lookup of an operation, refused or not, once each."},
      {"failed", "Of these, those that were refused or did not answer."},
      {"hops", "Of the nearest contact in the result: 1 from the own table, else 1 + its namer's."},
      {"latency_ms", "From the arrival of an operation to its end."},
      {"queued_ms", "Part of the latency spent waiting to start."},
      {"recall_answered", "Share of the closest nodes that are in the result and answered."},
      {"recall_heard", "Share of the closest nodes that are in the result."},
      {"rpcs", "Requests sent, stores included, dials not."},
      {"status", "Complete, exhausted, found, not_found, stored, failed, timeout, unfinished."},
      {"stores", "Nodes that stored the segment."},
      {"stores_failed", "Nodes that refused it or did not answer."},
      {"succeeded", "Attempts that were answered while the operation ran."}};
}

struct Topic {
  const char* name;
  std::vector<Line> (*lines)();
};

constexpr Topic kTopics[] = {
    {"strategies", strategies}, {"fills", fills}, {"delay-models", models}, {"metrics", metrics}};

}  // namespace

int list_command(const Arguments& arguments) {
  OptionSet options{.usage = "kadsim list strategies|fills|delay-models|metrics|keys",
                    .summary =
                        "Lists what scenarios can name (keys: every key of a scenario file), and "
                        "what results measure.",
                    .positional = "topic"};
  options.named.add_options()("topic", boost::program_options::value<std::string>(),
                              "what to list");
  const auto values = parse_options(options, arguments);
  if (help_printed(options, values)) return kDone;
  const std::string want = "(want one of: strategies, fills, delay-models, metrics, keys)";
  if (values.count("topic") == 0) throw UsageError("nothing to list " + want);
  const auto& name = values["topic"].as<std::string>();
  if (name == "keys") {
    print(print_scenario_reference());
    return kDone;
  }
  for (const Topic& topic : kTopics) {
    if (name != topic.name) continue;
    std::size_t width = 0;
    for (const Line& line : topic.lines()) width = std::max(width, line.name.size());
    std::string text;
    for (const Line& line : topic.lines())
      text += fmt::format("{:<{}}  {}\n", line.name, width, line.help);
    print(text);
    return kDone;
  }
  throw UsageError(fmt::format("nothing to list under '{}' {}", name, want));
}

}  // namespace kadsim::tools

#include "sim/scenario/run_plan.hpp"

#include "core/base/assert.hpp"
#include "core/hash/hash.hpp"
#include "sim/input/problems.hpp"
#include "sim/scenario/decode_context.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/object_decoder.hpp"
#include "sim/scenario/overrides.hpp"
#include "sim/scenario/point_problems.hpp"
#include "sim/scenario/print.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/sources.hpp"
#include "sim/scenario/sweep_axes.hpp"
#include "sim/scenario/value_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace kadsim {
namespace {

constexpr std::size_t kLongestName = 100;

std::string folder_of(const std::string& file_name) {
  return std::filesystem::path(file_name).parent_path().string();
}

// The tree of a point, without what says that there are others.
JsonValue tree_of(const JsonValue& whole, const std::vector<const AxisStep*>& steps,
                  Problems& problems) {
  JsonValue tree = whole;
  std::erase_if(tree.children,
                [](const JsonValue& v) { return v.key == "points" || v.key == "sweep"; });
  for (const AxisStep* step : steps) {
    for (const auto& [key, value] : step->set) {
      set_value(tree, key.key, key.place, value, problems);
    }
  }
  return tree;
}

std::string name_of(const std::vector<const AxisStep*>& steps, std::size_t number,
                    std::set<std::string>& taken) {
  std::string name;
  for (const AxisStep* step : steps) name += (name.empty() ? "" : "-") + step->label;
  name.resize(std::min(name.size(), kLongestName));
  const std::string plain = name;
  while (!name.empty() && !taken.insert(name).second) {
    name = fmt::format("{}-{}", plain, ++number);
  }
  return name;
}

std::vector<std::string> values_of(const std::vector<const AxisStep*>& steps,
                                   const std::vector<SweptKey>& keys) {
  std::vector<std::string> values(keys.size());
  for (const AxisStep* step : steps) {
    for (const auto& [key, value] : step->set) {
      const auto at = std::ranges::find(keys, key.key, &SweptKey::key);
      values[static_cast<std::size_t>(at - keys.begin())] =
          value.kind == JsonKind::kText ? value.text : format_json(value);
    }
  }
  return values;
}

/// Makes the plan of one scenario, step by step.
class Planner {
 public:
  Planner(const Sources& sources, std::string folder)
      : overrides_(sources.overrides()), folder_(std::move(folder)) {
    tree_ = sources.read(problems_);
    if (!tree_) throw ScenarioError(problems_.report());
    require_shape();
    axes_.emplace(*tree_, overrides_, problems_);
    require_count();
    throw_if_wrong();
  }

  RunPlan plan() {
    const std::size_t count = axes_->points();
    plan_.last_axis = axes_->axes().empty() ? 0 : axes_->axes().back().steps.size();
    for (const SweepAxis& axis : axes_->axes()) plan_.axes.push_back(axis.name);
    for (const SweptKey& key : axes_->keys()) plan_.keys.push_back(key.key);
    PointProblems found(count);
    std::set<std::string> taken;
    for (std::size_t number = 0; number < count; ++number) {
      const auto steps = axes_->steps(number);
      Point& point = plan_.points.emplace_back();
      point.name = name_of(steps, number, taken);
      for (const AxisStep* step : steps) point.labels.push_back(step->label);
      point.values = values_of(steps, axes_->keys());
      point.baseline = plan_.last_axis == 0 ? number : number - number % plan_.last_axis;
      Problems problems;
      decode(tree_of(*tree_, steps, problems), point.scenario, problems);
      found.add(problems, point.name);
    }
    found.move_to(problems_);
    throw_if_wrong();
    require_difference();
    finish();
    return std::move(plan_);
  }

  [[nodiscard]] JsonValue tree_of_point(std::size_t number) {
    return tree_of(*tree_, axes_->steps(number), problems_);
  }

 private:
  // The axes can only be read if what makes many runs has the shape that is described.
  void require_shape() {
    Problems wrong;
    DecodeContext context(wrong, folder_);
    const std::string no_path;
    if (tree_->kind == JsonKind::kObject) {
      ObjectDecoder fields(context, *tree_, no_path);
      describe_runs(fields, shape_);
    }
    if (wrong.empty() && tree_->kind == JsonKind::kObject) return;
    Scenario whole;
    decode(*tree_, whole, problems_);
    throw_if_wrong();
  }

  void require_count() {
    const std::size_t points = axes_->points();
    if (points <= kMaxRuns / shape_.runs.replicas) return;
    const JsonValue* place = nullptr;
    for (const char* key : {"replicas", "points", "sweep"}) {
      if (const JsonValue* member = tree_->find(key)) place = member;
    }
    problems_.add(
        place->place,
        fmt::format(
            "{} replicas of {} points are more than {} runs", shape_.runs.replicas,
            points > kMaxRuns ? fmt::format("more than {}", kMaxRuns) : std::to_string(points),
            kMaxRuns),
        "want fewer");
  }

  void decode(const JsonValue& tree, Scenario& scenario, Problems& problems) {
    DecodeContext context(problems, folder_, &tree);
    scenario.folder = folder_;
    decode_value(context, tree, "", shape::object(scenario));
    for (const auto& [path, setter] : context.left_behind()) {
      if (setter.source->order() <= overrides_) left_behind_.insert(path);
    }
    plan_.replicas = std::exchange(scenario.runs, {}).replicas;
  }

  void require_difference() {
    std::map<Hash, std::size_t> seen;
    for (std::size_t i = 0; i < plan_.points.size(); ++i) {
      const Hash hash = Hash::of_name(print_scenario(plan_.points[i].scenario));
      const auto [first, is_new] = seen.emplace(hash, i);
      if (is_new) continue;
      problems_.add(axes_->axes().back().steps[i % plan_.last_axis].place,
                    fmt::format("the points {} and {} are the same scenario",
                                plan_.points[first->second].name, plan_.points[i].name),
                    "want points that differ");
    }
    throw_if_wrong();
  }

  void finish() {
    plan_.name = plan_.points.front().scenario.name;
    plan_.first_replica = plan_.points.front().scenario.replica;
    plan_.many = plan_.last_axis > 0 || plan_.replicas > 1;
    plan_.text = plan_.many ? print_tree(*tree_, left_behind_) + "\n"
                            : print_scenario(plan_.points.front().scenario);
  }

  void throw_if_wrong() const {
    if (!problems_.empty()) throw ScenarioError(problems_.report());
  }

  std::size_t overrides_;
  std::string folder_;
  Problems problems_;
  std::optional<JsonValue> tree_;
  Scenario shape_;
  std::optional<SweepAxes> axes_;
  std::set<std::string> left_behind_;
  RunPlan plan_;
};

}  // namespace

Scenario RunPlan::scenario_of(std::size_t run) const {
  Scenario scenario = point_of(run).scenario;
  scenario.replica = first_replica + static_cast<std::uint32_t>(run % replicas);
  return scenario;
}

RunPlan plan_runs(std::string_view text, const std::string& file_name,
                  std::span<const std::string> overrides) {
  const Sources sources(text, file_name, overrides);
  return Planner(sources, folder_of(file_name)).plan();
}

ScenarioError located_at_point(const SettingError& error, std::size_t point, std::string_view text,
                               const std::string& file_name,
                               std::span<const std::string> overrides) {
  const Sources sources(text, file_name, overrides);
  Planner planner(sources, folder_of(file_name));
  const JsonValue tree = planner.tree_of_point(point);
  Problems problems;
  DecodeContext context(problems, {});
  context.report(tree.innermost(error.path()).place, error.path(), error.message(), error.advice());
  return ScenarioError(problems.report());
}

}  // namespace kadsim

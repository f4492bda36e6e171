#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/input/setting_error.hpp"
#include "sim/scenario/decode.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// One setting of a sweep.
struct Point {
  std::string name;                 ///< unique, fit for a folder; empty if it is the only one
  std::vector<std::string> labels;  ///< one an axis: its value, or the name of the point
  std::vector<std::string> values;  ///< what stands for each key of the plan; empty: not set here
  std::size_t baseline = 0;         ///< the point with the first value of the last axis, else alike
  Scenario scenario;                ///< of its first replica, complete and checked, `runs` left out
};

/// What a scenario file asks for: every run of it, checked before any is played.
///
/// The axes are the keys of `sweep` and, as one axis, `points`, in the order in which the file has
/// them. The points are the product of all axes, the last one changing fastest; each is what the
/// scenario becomes when its values are set in it as `--set` does, and each has the same replicas.
struct RunPlan {
  std::string name;               ///< of the scenario
  std::string text;               ///< the scenario as it was given, with what `--set` changed
  std::vector<std::string> axes;  ///< their keys; "points" for that of the named points
  std::vector<std::string> keys;  ///< that points set, in the order of the axes
  std::size_t last_axis = 0;      ///< values of the last axis; 0 if there is none
  std::vector<Point> points;      ///< never empty
  std::uint32_t first_replica = 0;
  std::uint32_t replicas = 1;
  bool many = false;  ///< the scenario asks for more than one run, or has an axis

  [[nodiscard]] std::size_t runs() const { return points.size() * replicas; }
  /// The scenario of one run; runs are numbered point after point. Pre: run < runs().
  [[nodiscard]] Scenario scenario_of(std::size_t run) const;
  [[nodiscard]] const Point& point_of(std::size_t run) const { return points[run / replicas]; }
};

/// The runs that `text` asks for; arguments as of `decode_scenario`.
///
/// Throws a ScenarioError with everything that is wrong at any point, each once, located at the
/// value of the sweep where that is what is wrong; or because
///  - a key is swept twice, lies within another swept key, can't be swept (`sweep`, `points`,
///    `replicas`, `replica`, `version`, `output`), or was set by `--set`, which would have no
///    effect;
///  - two points are the same scenario; or there are more than kMaxRuns runs.
[[nodiscard]] RunPlan plan_runs(std::string_view text, const std::string& file_name,
                                std::span<const std::string> overrides = {});

/// What `error`, met when the world of a point was made, says of the scenario; as `located` does.
/// `point` is the point's number in the plan; the other arguments are those of `plan_runs`.
[[nodiscard]] ScenarioError located_at_point(const SettingError& error, std::size_t point,
                                             std::string_view text, const std::string& file_name,
                                             std::span<const std::string> overrides = {});

}  // namespace kadsim

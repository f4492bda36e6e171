#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/input/problems.hpp"
#include "sim/scenario/json_document.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// A key that a sweep sets, and where it stands there.
struct SweptKey {
  std::string key;
  Place place;  ///< of the first letter of the path
};

/// One step along an axis: a value of a swept key, or a named point.
struct AxisStep {
  std::string label;  ///< for names of points
  Place place;
  std::vector<std::pair<SweptKey, JsonValue>> set;  ///< in the order of the text
};

struct SweepAxis {
  std::string name;             ///< the key, or "points"
  std::vector<AxisStep> steps;  ///< at least one
};

/// The axes of a scenario's tree, in the order of its text.
///
/// Values keep their places, so that what is wrong with one is reported where it stands; but their
/// texts count as applied after the overrides, as the values are.
class SweepAxes {
 public:
  /// Reads `points` and `sweep` of the tree, which have the shapes that the description asks for,
  /// and reports keys that can't be swept. `overrides` is how many `--set` there were. The tree and
  /// its sources outlive the axes, whose places may be borrowed as long as these live.
  SweepAxes(const JsonValue& tree, std::size_t overrides, Problems& problems);
  SweepAxes(const SweepAxes&) = delete;
  SweepAxes& operator=(const SweepAxes&) = delete;

  [[nodiscard]] const std::vector<SweepAxis>& axes() const { return axes_; }
  /// Keys in the order of the axes, each once.
  [[nodiscard]] const std::vector<SweptKey>& keys() const { return keys_; }
  /// Product of the lengths of all axes; SIZE_MAX if that is too great to matter.
  [[nodiscard]] std::size_t points() const;
  /// The steps of point `number`, one an axis. Pre: number < points().
  [[nodiscard]] std::vector<const AxisStep*> steps(std::size_t number) const;

 private:
  void read_points(const JsonValue& points);
  void read_sweep(const JsonValue& sweep);
  SweptKey swept_key(const JsonValue& member);
  JsonValue later(JsonValue value);
  Place later(Place place);
  void check_keys(const JsonValue& tree, Problems& problems) const;
  static void check_names(const JsonValue& tree, Problems& problems);

  std::size_t overrides_;
  std::map<std::size_t, SourceText> later_;  // by order of the text it repeats
  std::vector<SweepAxis> axes_;
  std::vector<SweptKey> keys_;
};

}  // namespace kadsim

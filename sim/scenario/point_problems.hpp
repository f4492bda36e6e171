#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>

#include "sim/input/problems.hpp"

namespace kadsim {

/// What is wrong at the points of a sweep, each thing once: what is wrong at every point alike is
/// told as if there were no points, anything else with the point where it was met first.
class PointProblems {
 public:
  /// `points` is how many points there are.
  explicit PointProblems(std::size_t points) : points_(points) {}

  /// Adds those of one point.
  void add(const Problems& problems, const std::string& point);
  void move_to(Problems& all);

 private:
  struct Met {
    Problem problem;
    std::string first;  // point
    std::size_t points = 0;
  };

  std::size_t points_;
  std::map<std::tuple<std::size_t, std::size_t, std::string>, Met> met_;  // place and message
};

}  // namespace kadsim

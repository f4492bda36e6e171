#include "sim/scenario/point_problems.hpp"

#include <fmt/format.h>

#include <utility>

namespace kadsim {

void PointProblems::add(const Problems& problems, const std::string& point) {
  for (const Problem& problem : problems.kept()) {
    const std::tuple key(problem.place.source->order(), problem.place.offset, problem.message);
    Met& met = met_.try_emplace(key, Met{problem, point, 0}).first->second;
    ++met.points;
  }
}

void PointProblems::move_to(Problems& all) {
  for (auto& [key, met] : met_) {
    if (met.points < points_) {
      met.problem.advice +=
          fmt::format("{}at the point {}", met.problem.advice.empty() ? "" : "\n", met.first);
      if (met.points > 1) {
        met.problem.advice +=
            fmt::format(", and {} other{}", met.points - 1, met.points > 2 ? "s" : "");
      }
    }
    all.add(std::move(met.problem));
  }
  met_.clear();
}

}  // namespace kadsim

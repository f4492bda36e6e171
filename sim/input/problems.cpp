#include "sim/input/problems.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>

namespace kadsim {
namespace {

// Problems at the same place keep the order in which they were added.
void sort_by_place(std::vector<Problem>& problems) {
  std::ranges::stable_sort(problems, {}, [](const Problem& problem) {
    return std::tuple(problem.place.source->order(), problem.place.offset);
  });
}

void append(std::string& out, const Problem& problem) {
  const auto [source, offset] = problem.place;
  out += fmt::format("{}: error: {}\n", source->heading(offset), problem.message);
  out += source->excerpt(offset);
  if (const auto [earlier, at] = problem.earlier; earlier != nullptr) {
    out += earlier->is_file()
               ? fmt::format("  the first is in line {}\n", earlier->position(at).line)
               : fmt::format("  the first is in {}\n", earlier->heading(at));
  }
  for (std::string_view rest = problem.advice; !rest.empty();) {
    const auto end = std::min(rest.find('\n'), rest.size());
    out += fmt::format("  {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

void Problems::add(Problem problem) {
  ++count_;
  kept_.push_back(std::move(problem));
  if (kept_.size() == 50 * kReported) {
    sort_by_place(kept_);
    kept_.erase(kept_.begin() + kReported, kept_.end());
  }
}

std::string Problems::report() const {
  std::vector<Problem> problems = kept_;
  sort_by_place(problems);
  problems.resize(std::min(problems.size(), kReported));
  std::string out;
  for (const Problem& problem : problems) append(out, problem);
  if (count_ > problems.size()) {
    out += fmt::format("... and {} more\n", count_ - problems.size());
  }
  if (!out.empty()) out.pop_back();
  return out;
}

}  // namespace kadsim

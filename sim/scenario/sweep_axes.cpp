#include "sim/scenario/sweep_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace kadsim {
namespace {

constexpr std::size_t kMostKeys = 1000;
constexpr std::size_t kLongestLabel = 32;
constexpr std::array<std::string_view, 6> kNotSwept = {"version", "replica", "replicas",
                                                       "points",  "sweep",   "output"};

// What of a value can stand in the name of a folder; empty for lists and objects.
std::string label_of(const JsonValue& value) {
  if (value.kind == JsonKind::kList || value.kind == JsonKind::kObject) return {};
  std::string label = value.kind == JsonKind::kText ? value.text : format_json(value);
  if (label.size() > kLongestLabel) return {};
  for (char& c : label) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    if (!plain) c = '_';
  }
  return label.starts_with('.') ? "_" + label : label;
}

// A label that is empty or taken becomes the number of its value, counted from 1.
void settle_labels(std::vector<AxisStep>& steps) {
  std::map<std::string, std::size_t> wanted;
  for (const AxisStep& step : steps) ++wanted[step.label];
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::string& label = steps[i].label;
    if (label.empty() || wanted[label] > 1) label = fmt::format("item{}", i + 1);
  }
}

// The value at `path`; null if there is none.
const JsonValue* find_value(const JsonValue& tree, std::string_view path) {
  const auto dot = path.rfind('.');
  const JsonValue& around =
      tree.innermost(dot == std::string_view::npos ? "" : path.substr(0, dot));
  const JsonValue& value = tree.innermost(path);
  return &value == &around ? nullptr : &value;
}

// The first thing in `value`, or itself, that comes from a `--set`; null if nothing does.
const JsonValue* find_override(const JsonValue& value) {
  if (!value.place.source->is_file()) return &value;
  for (const JsonValue& child : value.children) {
    if (const JsonValue* found = find_override(child)) return found;
  }
  return nullptr;
}

bool within(std::string_view path, std::string_view outer) {
  return path == outer || (path.starts_with(outer) && path[outer.size()] == '.');
}

}  // namespace

SweepAxes::SweepAxes(const JsonValue& tree, std::size_t overrides, Problems& problems)
    : overrides_(overrides) {
  for (const JsonValue& member : tree.children) {
    if (member.key == "points" && !member.children.empty()) read_points(member);
    if (member.key == "sweep") read_sweep(member);
  }
  if (keys_.size() > kMostKeys) {
    problems.add(keys_[kMostKeys].place, fmt::format("more than {} keys are swept", kMostKeys));
  } else if (points() <= kMaxRuns) {
    check_keys(tree, problems);
    check_names(tree, problems);
  }
}

void SweepAxes::read_points(const JsonValue& points) {
  SweepAxis& axis = axes_.emplace_back(SweepAxis{"points", {}});
  const std::size_t first = keys_.size();  // of this axis
  for (const JsonValue& point : points.children) {
    AxisStep& step = axis.steps.emplace_back();
    step.label = point.find("name")->text;
    step.place = later(point.place);
    const JsonValue* set = point.find("set");
    if (set == nullptr) continue;
    for (const JsonValue& member : set->children) {
      const SweptKey key = swept_key(member);
      const auto same = [&key](const SweptKey& other) { return other.key == key.key; };
      if (std::none_of(keys_.begin() + static_cast<std::ptrdiff_t>(first), keys_.end(), same)) {
        keys_.push_back(key);
      }
      step.set.emplace_back(key, later(member));
    }
  }
}

void SweepAxes::read_sweep(const JsonValue& sweep) {
  for (const JsonValue& member : sweep.children) {
    SweepAxis& axis = axes_.emplace_back(SweepAxis{member.key, {}});
    const SweptKey key = swept_key(member);
    keys_.push_back(key);
    for (const JsonValue& value : member.children) {
      AxisStep& step = axis.steps.emplace_back();
      step.label = label_of(value);
      step.place = later(value.place);
      step.set.emplace_back(key, later(value));
    }
    settle_labels(axis.steps);
  }
}

SweptKey SweepAxes::swept_key(const JsonValue& member) {
  Place place = later(member.key_place);
  // Behind the quote, where that is what the text has: a key may be written with escapes.
  const std::string_view text = place.source->text().substr(place.offset);
  if (text.starts_with('"') && text.substr(1).starts_with(member.key)) ++place.offset;
  return {member.key, place};
}

Place SweepAxes::later(Place place) {
  if (place.source == nullptr) return place;
  const auto at =
      later_.try_emplace(place.source->order(), place.source->applied_after(overrides_));
  place.source = &at.first->second;
  return place;
}

JsonValue SweepAxes::later(JsonValue value) {
  value.place = later(value.place);
  value.key_place = later(value.key_place);
  for (JsonValue& child : value.children) child = later(std::move(child));
  return value;
}

void SweepAxes::check_keys(const JsonValue& tree, Problems& problems) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    const auto& [key, place] = keys_[i];
    const std::string shown = printable(key, 100);
    const auto refused = std::ranges::find_if(
        kNotSwept, [&key = key](std::string_view name) { return within(key, name); });
    if (refused != kNotSwept.end()) {
      problems.add(place, fmt::format("{}: this key can't be swept", shown),
                   "it is the same for all runs of a scenario");
      continue;
    }
    for (std::size_t other = 0; other < i; ++other) {
      const std::string& earlier = keys_[other].key;
      if (!within(key, earlier) && !within(earlier, key)) continue;
      problems.add({place,
                    key == earlier
                        ? fmt::format("{}: two axes set this key", shown)
                        : fmt::format("{}: another swept key, {}, lies in this one or around it",
                                      shown, printable(earlier, 100)),
                    "want each key set once at a point", keys_[other].place});
      break;
    }
    const JsonValue* given = find_value(tree, key);
    const JsonValue* lost = given == nullptr ? nullptr : find_override(*given);
    if (lost != nullptr) {
      problems.add(lost->place,
                   fmt::format("{}: points of the sweep set this key, and not to this", shown),
                   "want sweep={} and points=[] as well, to leave the sweep out");
    }
  }
}

void SweepAxes::check_names(const JsonValue& tree, Problems& problems) {
  const JsonValue* points = tree.find("points");
  if (points == nullptr) return;
  for (std::size_t i = 0; i < points->children.size(); ++i) {
    const JsonValue& name = *points->children[i].find("name");
    for (std::size_t j = 0; j < i; ++j) {
      const JsonValue& other = *points->children[j].find("name");
      if (name.text != other.text) continue;
      problems.add({name.place, fmt::format("points.{}.name: \"{}\" is taken", i, name.text),
                    "want another name", other.place});
      break;
    }
  }
}

std::size_t SweepAxes::points() const {
  std::size_t product = 1;
  for (const SweepAxis& axis : axes_) {
    if (product > SIZE_MAX / axis.steps.size()) return SIZE_MAX;
    product *= axis.steps.size();
  }
  return product;
}

std::vector<const AxisStep*> SweepAxes::steps(std::size_t number) const {
  std::vector<const AxisStep*> steps(axes_.size());
  for (std::size_t a = axes_.size(); a > 0; --a) {
    const std::vector<AxisStep>& all = axes_[a - 1].steps;
    steps[a - 1] = &all[number % all.size()];
    number /= all.size();
  }
  return steps;
}

}  // namespace kadsim

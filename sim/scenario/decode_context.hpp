#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "sim/input/problems.hpp"
#include "sim/scenario/json_document.hpp"

namespace kadsim {

/// What all parts of a decoding share: the folder of the scenario, the problems found so far, and
/// the paths they were found at. A path is keys and indices joined by '.', as in
/// "workload.0.count"; the whole scenario has the empty path.
class DecodeContext {
 public:
  /// `scenario` is the whole one, for values that vary another part of it; null: there are none.
  DecodeContext(Problems& problems, std::filesystem::path folder,
                const JsonValue* scenario = nullptr)
      : problems_(problems), folder_(std::move(folder)), scenario_(scenario) {}

  [[nodiscard]] const JsonValue* scenario() const { return scenario_; }

  /// A problem with the value at `path`; its message opens with the path.
  void report(Place place, const std::string& path, std::string_view message, std::string advice);

  /// The object at `path` varies the one at `other`, whose values are read again as its own. What
  /// is wrong with such a value is told once, of where it stands.
  void vary(const std::string& path, std::string_view other) { variations_[path] = other; }
  /// Path of the object that the one at `path`, or one around that, varies; empty if none does.
  [[nodiscard]] std::string varied(const std::string& path) const;

  /// Whether no problem is known of the value at `path`, anything in it, or anything it is in.
  [[nodiscard]] bool sound(const std::string& path) const;

  /// The value at `path` has lost its meaning to what was set at `setter`.
  void leave_behind(const std::string& path, Place setter) { left_behind_[path] = setter; }
  [[nodiscard]] const std::map<std::string, Place>& left_behind() const { return left_behind_; }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  // Place by source and offset, path, message.
  using Told = std::tuple<std::size_t, std::size_t, std::string, std::string>;

  using Variations = std::map<std::string, std::string>;  // path -> path of what is varied

  [[nodiscard]] Variations::const_iterator variation_around(const std::string& path) const;
  [[nodiscard]] bool is_told_already(Place place, const std::string& path,
                                     std::string_view message);

  Problems& problems_;
  std::filesystem::path folder_;
  const JsonValue* scenario_;
  Variations variations_;
  std::set<Told> told_;  // while there are variations
  std::set<std::string, std::less<>> unsound_;
  std::map<std::string, Place> left_behind_;
};

[[nodiscard]] std::string join_path(const std::string& path, std::string_view key);

}  // namespace kadsim

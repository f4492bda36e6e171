#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sim/input/problems.hpp"

namespace kadsim {

/// What all parts of a decoding share: the folder of the scenario, the problems found so far, and
/// the paths they were found at. A path is keys and indices joined by '.', as in
/// "workload.0.count"; the whole scenario has the empty path.
class DecodeContext {
 public:
  DecodeContext(Problems& problems, std::filesystem::path folder)
      : problems_(problems), folder_(std::move(folder)) {}

  /// A problem with the value at `path`; its message opens with the path.
  void report(Place place, const std::string& path, std::string_view message, std::string advice);

  /// Whether no problem is known of the value at `path`, anything in it, or anything it is in.
  [[nodiscard]] bool sound(const std::string& path) const;

  /// The value at `path` has lost its meaning to what was set at `setter`.
  void leave_behind(const std::string& path, Place setter) { left_behind_[path] = setter; }
  [[nodiscard]] const std::map<std::string, Place>& left_behind() const { return left_behind_; }

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  Problems& problems_;
  std::filesystem::path folder_;
  std::set<std::string, std::less<>> unsound_;
  std::map<std::string, Place> left_behind_;
};

[[nodiscard]] std::string join_path(const std::string& path, std::string_view key);

}  // namespace kadsim

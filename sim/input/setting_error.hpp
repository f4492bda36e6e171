#pragma once

#include <string>
#include <utility>

#include "core/base/input_error.hpp"

namespace kadsim {

/// A setting of the scenario that turned out to be impossible while its network was made. It is
/// thrown by code that does not know the text of the scenario; `located` (sim/scenario/decode.hpp)
/// turns it into a report that points into that text.
class SettingError : public InputError {
 public:
  /// `path` is the keys and indices that lead to the setting, joined by '.', as in
  /// `workload.0.name`; `message` says what is wrong and `advice` what would be right.
  SettingError(std::string path, std::string message, std::string advice)
      : InputError(path + ": " + message + " (" + advice + ")"),
        path_(std::move(path)),
        message_(std::move(message)),
        advice_(std::move(advice)) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::string& message() const { return message_; }
  [[nodiscard]] const std::string& advice() const { return advice_; }

 private:
  std::string path_;
  std::string message_;
  std::string advice_;
};

}  // namespace kadsim

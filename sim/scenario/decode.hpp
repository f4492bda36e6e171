#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/base/input_error.hpp"
#include "sim/input/setting_error.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

/// A scenario that can't be run; `what()` is the complete report on it.
class ScenarioError : public InputError {
 public:
  using InputError::InputError;
};

/// The scenario that `text` describes, checked and complete.
///
/// `file_name` opens the error messages, and data files are looked for in its folder. `overrides`
/// are operands of `--set`, PATH=VALUE, applied in their order before anything is decoded. Throws a
/// ScenarioError with every error there is; but a text that is not JSON has only that one.
[[nodiscard]] Scenario decode_scenario(std::string_view text, const std::string& file_name,
                                       std::span<const std::string> overrides = {});

/// What `error` says of a scenario, as a report that points into its text. The arguments are those
/// that `decode_scenario` made the scenario of.
[[nodiscard]] ScenarioError located(const SettingError& error, std::string_view text,
                                    const std::string& file_name,
                                    std::span<const std::string> overrides = {});

/// A scenario from a file. Throws an UnreadableError if it can't be read.
[[nodiscard]] Scenario read_scenario(const std::string& file_name,
                                     std::span<const std::string> overrides = {});

}  // namespace kadsim

#include "sim/scenario/decode.hpp"

#include "core/base/assert.hpp"
#include "sim/input/problems.hpp"
#include "sim/input/text_file.hpp"
#include "sim/scenario/decode_context.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/sources.hpp"
#include "sim/scenario/value_decoder.hpp"

#include <filesystem>

namespace kadsim {
Scenario decode_scenario(std::string_view text, const std::string& file_name,
                         std::span<const std::string> overrides) {
  const Sources sources(text, file_name, overrides);
  Scenario scenario;
  scenario.folder = std::filesystem::path(file_name).parent_path().string();
  Problems problems;
  if (const auto tree = sources.read(problems)) {
    DecodeContext context(problems, scenario.folder, &*tree);
    decode_value(context, *tree, "", shape::object(scenario));
  }
  if (!problems.empty()) throw ScenarioError(problems.report());
  return scenario;
}

ScenarioError located(const SettingError& error, std::string_view text,
                      const std::string& file_name, std::span<const std::string> overrides) {
  const Sources sources(text, file_name, overrides);
  Problems problems;
  const auto tree = sources.read(problems);
  KADSIM_ASSERT(tree && problems.empty(), "a scenario was made of these texts");
  DecodeContext context(problems, {});
  context.report(tree->innermost(error.path()).place, error.path(), error.message(),
                 error.advice());
  return ScenarioError(problems.report());
}

Scenario read_scenario(const std::string& file_name, std::span<const std::string> overrides) {
  return decode_scenario(read_text_file_or_pipe(file_name), file_name, overrides);
}

}  // namespace kadsim

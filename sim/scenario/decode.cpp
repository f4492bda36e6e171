#include "sim/scenario/decode.hpp"

#include "core/base/assert.hpp"
#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"
#include "sim/input/text_file.hpp"
#include "sim/scenario/decode_context.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/json_document.hpp"
#include "sim/scenario/overrides.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/value_decoder.hpp"

#include <deque>
#include <filesystem>
#include <optional>
#include <utility>

namespace kadsim {
namespace {

// The texts that a scenario is made of.
class Sources {
 public:
  Sources(std::string_view text, const std::string& file_name,
          std::span<const std::string> overrides)
      : file_(SourceText::file(file_name, without_byte_order_mark(text))) {
    for (const std::string& operand : overrides) {
      operands_.push_back(SourceText::override_operand(operand, operands_.size()));
    }
  }

  /// The tree with all overrides applied; none if the text is not JSON. Tree and problems borrow
  /// the texts.
  [[nodiscard]] std::optional<JsonValue> read(Problems& problems) const {
    JsonDocument document = parse_json(file_);
    for (Problem& problem : document.problems) problems.add(std::move(problem));
    if (document.root) {
      for (const SourceText& operand : operands_) {
        apply_override(*document.root, operand, problems);
      }
    }
    return std::move(document.root);
  }

 private:
  SourceText file_;
  std::deque<SourceText> operands_;
};

}  // namespace

Scenario decode_scenario(std::string_view text, const std::string& file_name,
                         std::span<const std::string> overrides) {
  const Sources sources(text, file_name, overrides);
  Scenario scenario;
  scenario.folder = std::filesystem::path(file_name).parent_path().string();
  Problems problems;
  if (const auto tree = sources.read(problems)) {
    DecodeContext context(problems, scenario.folder);
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

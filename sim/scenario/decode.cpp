#include "sim/scenario/decode.hpp"

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

// The tree with all overrides applied; none if the text is not JSON. The sources are borrowed by
// the tree and the problems.
std::optional<JsonValue> read_tree(const SourceText& file, const std::deque<SourceText>& operands,
                                   Problems& problems) {
  JsonDocument document = parse_json(file);
  for (Problem& problem : document.problems) problems.add(std::move(problem));
  if (document.root) {
    for (const SourceText& operand : operands) apply_override(*document.root, operand, problems);
  }
  return std::move(document.root);
}

}  // namespace

Scenario decode_scenario(std::string_view text, const std::string& file_name,
                         std::span<const std::string> overrides) {
  const SourceText file = SourceText::file(file_name, without_byte_order_mark(text));
  std::deque<SourceText> operands;
  for (const std::string& operand : overrides) {
    operands.push_back(SourceText::override_operand(operand, operands.size()));
  }

  Scenario scenario;
  scenario.folder = std::filesystem::path(file_name).parent_path().string();
  Problems problems;
  if (const auto tree = read_tree(file, operands, problems)) {
    DecodeContext context(problems, scenario.folder);
    decode_value(context, *tree, "", shape::object(scenario));
  }
  if (!problems.empty()) throw ScenarioError(problems.report());
  return scenario;
}

Scenario read_scenario(const std::string& file_name, std::span<const std::string> overrides) {
  return decode_scenario(read_text_file_or_pipe(file_name), file_name, overrides);
}

}  // namespace kadsim

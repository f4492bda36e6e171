#include "sim/scenario/sources.hpp"

#include "sim/input/text_file.hpp"
#include "sim/scenario/overrides.hpp"

#include <utility>

namespace kadsim {

Sources::Sources(std::string_view text, const std::string& file_name,
                 std::span<const std::string> overrides)
    : file_(SourceText::file(file_name, without_byte_order_mark(text))) {
  for (const std::string& operand : overrides) {
    operands_.push_back(SourceText::override_operand(operand, operands_.size()));
  }
}

std::optional<JsonValue> Sources::read(Problems& problems) const {
  JsonDocument document = parse_json(file_);
  for (Problem& problem : document.problems) problems.add(std::move(problem));
  if (document.root) {
    for (const SourceText& operand : operands_) apply_override(*document.root, operand, problems);
  }
  return std::move(document.root);
}

}  // namespace kadsim

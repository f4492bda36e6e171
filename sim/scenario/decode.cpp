#include "sim/scenario/decode.hpp"

#include "sim/input/problems.hpp"
#include "sim/input/source_text.hpp"
#include "sim/scenario/decode_context.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/json_document.hpp"
#include "sim/scenario/overrides.hpp"
#include "sim/scenario/shapes.hpp"
#include "sim/scenario/value_decoder.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>

namespace kadsim {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30;  // an endless device is no scenario

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

[[noreturn]] void throw_unreadable(const std::string& file_name, int error) {
  throw UnreadableError(fmt::format("{}: {}", file_name, std::generic_category().message(error)));
}

std::string read_file(const std::string& file_name) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file_name, ignored)) throw_unreadable(file_name, EISDIR);
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(file_name.c_str(), "rb"),
                                                             std::fclose);
  if (!file) throw_unreadable(file_name, errno);
  std::string text;
  std::array<char, 65536> block{};
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), size);
    if (text.size() > kMaxFileBytes) throw_unreadable(file_name, EFBIG);
  }
  if (std::ferror(file.get()) != 0) throw_unreadable(file_name, errno);
  return text;
}

}  // namespace

Scenario decode_scenario(std::string_view text, const std::string& file_name,
                         std::span<const std::string> overrides) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const SourceText file = SourceText::file(file_name, text);
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
  return decode_scenario(read_file(file_name), file_name, overrides);
}

}  // namespace kadsim

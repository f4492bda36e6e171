#include "sim/workload/list_file.hpp"

#include "core/base/input_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace kadsim {

std::vector<ListLine> read_list_file(const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw UnreadableError(fmt::format("{}: is a folder (want a text file)", path));
  }
  std::ifstream file(path);
  if (!file) throw UnreadableError(fmt::format("{}: {}", path, std::strerror(errno)));
  std::vector<ListLine> lines;
  std::string text;
  for (std::size_t number = 1; std::getline(file, text); ++number) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string::npos || text[first] == '#') continue;
    const auto last = text.find_last_not_of(" \t\r");
    lines.push_back({text.substr(first, last - first + 1), number});
  }
  if (lines.empty())
    throw InputError(fmt::format("{}: error: empty (want one entry a line)", path));
  return lines;
}

std::vector<std::uint32_t> read_origin_births(const std::string& path, std::uint64_t nodes) {
  std::vector<std::uint32_t> births;
  for (const auto& [text, number] : read_list_file(path)) {
    std::uint32_t birth = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), birth);
    if (error != std::errc() || end != text.data() + text.size() || birth >= nodes) {
      throw InputError(fmt::format("{}:{}: error: '{}' is not a node (want a number from 0 to {})",
                                   path, number, text.substr(0, 40), nodes - 1));
    }
    births.push_back(birth);
  }
  return births;
}

}  // namespace kadsim

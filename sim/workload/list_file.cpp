#include "sim/workload/list_file.hpp"

#include "core/base/input_error.hpp"

#include <fmt/format.h>

#include <cerrno>
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
  if (lines.empty()) throw InputError(fmt::format("{}: empty (want one entry a line)", path));
  return lines;
}

}  // namespace kadsim

#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kadsim {

struct ListLine {
  std::string text;        ///< without surrounding blanks, never empty
  std::size_t number = 0;  ///< of the line in the file, from 1
};

/// Lines of a text file that are neither empty nor start with '#'. Throws UnreadableError if it
/// can't be read, and InputError if it has no such line.
std::vector<ListLine> read_list_file(const std::string& path);

/// Such a file of birth numbers below `nodes`; InputError with the line of what is none.
std::vector<std::uint32_t> read_origin_births(const std::string& path, std::uint64_t nodes);

}  // namespace kadsim

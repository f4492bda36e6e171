#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/hash/hash.hpp"

namespace kadsim {

/// The lines of a text file that are neither blank nor start with '#', without the blanks around
/// them. Throws UnreadableError if it can't be read, InputError if it has no such line.
std::vector<std::string> read_list_file(const std::string& path);

/// Such a file of birth numbers below `nodes`; InputError with every line that is none.
std::vector<std::uint32_t> read_origin_births(const std::string& path, std::uint64_t nodes);

/// Such a file of hashes, 64 hexadecimal digits or any text to be hashed; InputError with every
/// line whose hash stands there already or that is beyond the number of nodes.
std::vector<Hash> read_identities(const std::string& path, std::uint64_t nodes);

}  // namespace kadsim

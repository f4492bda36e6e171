#pragma once

#include <string>
#include <string_view>

namespace kadsim {

/// All of a regular file of at most 1 GiB.
///
/// Throws UnreadableError, at once and without waiting for anything, if there is no such file, it
/// can't be read, it is longer, or it is no regular file: a folder, a device that never ends, a
/// pipe that nobody writes to. The path is made safe to print.
[[nodiscard]] std::string read_text_file(const std::string& path);

/// The same; but a pipe that the program was started with, named /dev/stdin or /dev/fd/N, is read
/// to its end, if that comes within 1 GiB.
[[nodiscard]] std::string read_text_file_or_pipe(const std::string& path);

/// `text` behind the byte order mark that some editors put at its start.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);

}  // namespace kadsim

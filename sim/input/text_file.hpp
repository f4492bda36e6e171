#pragma once

#include <string>
#include <string_view>

namespace kadsim {

/// The content of a regular file of at most 1 GiB.
///
/// Throws UnreadableError, without waiting for anything, if the file does not exist, cannot be read
/// or is longer, or if it is not a regular file but a folder, a device that never ends, or a pipe
/// without a writer. The error names the path, made safe to print.
[[nodiscard]] std::string read_text_file(const std::string& path);

/// The same, but a pipe that the program was started with, named /dev/stdin or /dev/fd/N, is read
/// to its end, if it ends within 1 GiB.
[[nodiscard]] std::string read_text_file_or_pipe(const std::string& path);

/// `text` without the UTF-8 byte order mark that some editors put at its start.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);

}  // namespace kadsim

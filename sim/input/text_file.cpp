#include "sim/input/text_file.hpp"

#include "core/base/input_error.hpp"
#include "sim/input/source_text.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>

namespace kadsim {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{1} << 30;
constexpr std::size_t kShownOfPath = 1000;

[[noreturn]] void refuse(const std::string& path, std::string_view why) {
  throw UnreadableError(fmt::format("{}: {}", printable(path, kShownOfPath), why));
}

[[noreturn]] void refuse(const std::string& path, int error) {
  refuse(path, std::generic_category().message(error));
}

// Checked before the file is opened: opening a pipe waits for a writer, and opening a device may
// have effects.
void check_kind(const std::string& path, bool take_pipe) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) refuse(path, errno);
  if (S_ISREG(status.st_mode)) {
    if (status.st_size > static_cast<off_t>(kMaxBytes)) refuse(path, EFBIG);
    return;
  }
  if (take_pipe && S_ISFIFO(status.st_mode)) return;
  refuse(path,
         S_ISDIR(status.st_mode) ? "is a directory, not a regular file" : "is not a regular file");
}

std::string read_all(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             std::fclose);
  if (!file) refuse(path, errno);
  std::string text;
  std::array<char, 65536> block{};
  while (const std::size_t size = std::fread(block.data(), 1, block.size(), file.get())) {
    text.append(block.data(), size);
    if (text.size() > kMaxBytes) refuse(path, EFBIG);
  }
  if (std::ferror(file.get()) != 0) refuse(path, errno);
  return text;
}

}  // namespace

std::string read_text_file(const std::string& path) {
  check_kind(path, false);
  return read_all(path);
}

std::string read_text_file_or_pipe(const std::string& path) {
  check_kind(path, path.starts_with("/dev/"));
  return read_all(path);
}

std::string_view without_byte_order_mark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text;
}

}  // namespace kadsim

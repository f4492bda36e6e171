#include "sim/results/file_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/input_error.hpp"

namespace kadsim {

FileWriter::FileWriter(const std::filesystem::path& path, std::string shown_as)
    : shown_as_(shown_as.empty() ? path.string() : std::move(shown_as)),
      buffer_(std::make_unique<char[]>(kBufferBytes)) {
  do {
    descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  } while (descriptor_ < 0 && errno == EINTR);
  if (descriptor_ < 0) fail("cannot create", errno);
}

FileWriter::~FileWriter() {
  if (!closed()) ::close(descriptor_);
}

void FileWriter::write_past_buffer(std::string_view bytes) {
  flush();
  if (bytes.size() >= kBufferBytes) {
    write_through(bytes);
  } else {
    bytes.copy(buffer_.get(), bytes.size());
    used_ = bytes.size();
  }
}

void FileWriter::flush() {
  write_through({buffer_.get(), used_});
  used_ = 0;
}

void FileWriter::write_through(std::string_view bytes) {
  KADSIM_ASSERT(!closed(), "a closed file is written to");
  for (std::string_view rest = bytes; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) fail("cannot write", errno);
    if (written > 0) rest.remove_prefix(static_cast<std::size_t>(written));
  }
  hasher_.update(bytes);
  bytes_ += bytes.size();
}

void FileWriter::close() {
  // The system may report a failure only once, so the writer remembers it.
  if (error_ != 0) fail("cannot write", error_);
  if (closed()) return;
  flush();
  // A pipe or a device has no disk behind it and answers EINVAL.
  while (::fsync(descriptor_) != 0) {
    if (errno == EINVAL) break;
    if (errno != EINTR) fail("cannot write", errno);
  }
  // Linux closes the descriptor even if it reports EINTR: a second call might close another file.
  if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail("cannot close", errno);
  digest_ = hasher_.finish();
  used_ = kBufferBytes;  // leaves no room, so that a later write is asserted, not buffered
}

std::uint64_t FileWriter::bytes() const {
  KADSIM_ASSERT(closed(), "the length of a file is asked for before its end");
  return bytes_;
}

const Hash& FileWriter::sha256() const {
  KADSIM_ASSERT(closed(), "the digest of a file is asked for before its end");
  return digest_;
}

void FileWriter::fail(const char* what, int error) {
  error_ = error;
  throw OutputError(
      fmt::format("{}: {}: {}", shown_as_, what, std::generic_category().message(error)));
}

}  // namespace kadsim

#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/hash/hash.hpp"
#include "sim/results/sha256.hpp"

namespace kadsim {

/// Writes one file from start to end through a buffer of 256 KiB and computes its SHA-256
/// meanwhile.
///
/// Every failure (no such folder, no permission, disk full, file size limit) is an OutputError that
/// names the file and the system's reason. As bytes are buffered, a failure may be thrown by a
/// later call than the one that wrote them; `close` throws it again. A file is on disk only after
/// `close`. A writer that is destroyed without it drops the buffered bytes and leaves the file as
/// it is; removing it is left to the caller. An interrupting signal (EINTR) is no failure. A file
/// size limit arrives as an error only if SIGXFSZ is ignored.
class FileWriter {
 public:
  static constexpr std::size_t kBufferBytes = 256 * 1024;

  /// Creates the file at `path`, or empties an existing one. Errors name the file `shown_as`, or
  /// `path` if that is empty.
  explicit FileWriter(const std::filesystem::path& path, std::string shown_as = {});
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Appends `bytes`. Allocates nothing. Must not be called after `close`.
  void write(std::string_view bytes) {
    if (bytes.size() > kBufferBytes - used_) [[unlikely]] {
      write_past_buffer(bytes);
    } else {
      bytes.copy(&buffer_[used_], bytes.size());
      used_ += bytes.size();
    }
  }

  /// Brings the file to the disk (fsync) and closes it. Further calls do nothing.
  void close();
  [[nodiscard]] bool closed() const { return descriptor_ < 0; }

  /// Length and SHA-256 of the file. Only after `close`.
  [[nodiscard]] std::uint64_t bytes() const;
  [[nodiscard]] const Hash& sha256() const;

 private:
  void write_past_buffer(std::string_view bytes);
  void flush();
  void write_through(std::string_view bytes);
  [[noreturn]] void fail(const char* what, int error);

  std::string shown_as_;
  int descriptor_ = -1;
  int error_ = 0;  // errno of the first failure
  std::unique_ptr<char[]> buffer_;
  std::size_t used_ = 0;
  std::uint64_t bytes_ = 0;  // handed to the system so far
  Sha256 hasher_;
  Hash digest_;
};

}  // namespace kadsim

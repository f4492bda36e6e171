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

/// Writes one file from start to end through a buffer of 256 KiB and takes its SHA-256 on the way.
///
/// Every failure (no such folder, no permission, disk full, file size limit) is an OutputError that
/// names the file and the system's reason, from whichever call meets it; as bytes are buffered,
/// that may be a later one, and `close` repeats it. A file is on disk only after `close`; a writer
/// that ends without it drops what it buffers and leaves the file as it is, for its owner to
/// remove. A signal in between (EINTR) is no failure. For a size limit to arrive as an error,
/// SIGXFSZ must be ignored.
class FileWriter {
 public:
  static constexpr std::size_t kBufferBytes = 256 * 1024;

  /// Creates `path`, or empties the file that is there. Errors call the file `shown_as`, else
  /// `path`.
  explicit FileWriter(const std::filesystem::path& path, std::string shown_as = {});
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  /// Appends. Allocates nothing. Not after `close`.
  void write(std::string_view bytes) {
    if (bytes.size() > kBufferBytes - used_) [[unlikely]] {
      write_past_buffer(bytes);
    } else {
      bytes.copy(&buffer_[used_], bytes.size());
      used_ += bytes.size();
    }
  }

  /// Brings the file to the disk (fsync) and closes it. Doing so again does nothing.
  void close();
  [[nodiscard]] bool closed() const { return descriptor_ < 0; }

  /// Length and digest of the file. After `close`.
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

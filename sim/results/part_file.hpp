#pragma once

#include <filesystem>
#include <string>

#include "sim/results/file_writer.hpp"

namespace kadsim {

/// A file that is written as `NAME.part` and gets its name only when it is whole. Destroyed without
/// `rename`, it removes what it has written. Errors are OutputErrors that name the final path.
class PartFile {
 public:
  /// Creates the file under its temporary name, or empties one that was left there.
  explicit PartFile(const std::filesystem::path& final_path);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  /// The temporary name of a file or folder.
  static std::filesystem::path part_of(const std::filesystem::path& final_path) {
    return final_path.string() + ".part";
  }

  [[nodiscard]] std::string name() const { return final_path_.filename().string(); }
  [[nodiscard]] const std::filesystem::path& part_path() const { return part_path_; }
  FileWriter& writer() { return writer_; }

  /// Closes the file, which brings it to the disk, and gives it its name, in place of any file that
  /// has that name. To be called once.
  void rename();

 private:
  std::filesystem::path final_path_;
  std::filesystem::path part_path_;
  FileWriter writer_;
  bool renamed_ = false;
};

}  // namespace kadsim

#pragma once

#include <filesystem>
#include <vector>

namespace kadsim {

/// Makes a folder, with its parents, and removes again what it made, unless told to keep it.
class MadeFolders {
 public:
  /// OutputError if a folder can't be made; then none is left. A folder that is there is not an
  /// error.
  explicit MadeFolders(const std::filesystem::path& directory);
  ~MadeFolders() { remove(); }
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;

  void keep() { made_.clear(); }
  /// Those that it would remove, the outermost first.
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return made_; }

 private:
  void remove() noexcept;

  std::vector<std::filesystem::path> made_;  // the outermost first
};

/// Keeps other runs out of a folder while it lives. Advisory, and gone with its process, however
/// that ends: no lock file is ever left over. On a file system without locks it keeps nobody out.
class FolderLock {
 public:
  /// OutputError if the folder can't be opened, or another run holds its lock.
  explicit FolderLock(const std::filesystem::path& directory);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// Brings the names in the folder to the disk, as against the files' contents; as far as the file
  /// system can.
  void bring_to_disk() const;

 private:
  int descriptor_;
};

}  // namespace kadsim

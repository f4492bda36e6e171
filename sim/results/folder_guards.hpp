#pragma once

#include <filesystem>
#include <vector>

namespace kadsim {

/// Makes a folder and its missing parents; removes those that it made when it is destroyed, unless
/// `keep` was called.
class MadeFolders {
 public:
  /// Throws OutputError if a folder cannot be made; then none is left. An existing folder is no
  /// error.
  explicit MadeFolders(const std::filesystem::path& directory);
  ~MadeFolders() { remove(); }
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;

  void keep() { made_.clear(); }
  /// The folders that it would remove, the outermost first.
  [[nodiscard]] const std::vector<std::filesystem::path>& folders() const { return made_; }

 private:
  void remove() noexcept;

  std::vector<std::filesystem::path> made_;  // the outermost first
};

/// Keeps other runs out of a folder as long as it exists. The lock is advisory and ends with its
/// process in every case, so no lock file is left over. On a file system without locks it has no
/// effect.
class FolderLock {
 public:
  /// Throws OutputError if the folder cannot be opened or another run holds its lock.
  explicit FolderLock(const std::filesystem::path& directory);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

  /// Brings the names in the folder to the disk, not the contents of its files, as far as the file
  /// system can.
  void bring_to_disk() const;

 private:
  int descriptor_;
};

}  // namespace kadsim

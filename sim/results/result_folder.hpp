#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash/hash.hpp"
#include "sim/results/folder_guards.hpp"
#include "sim/results/part_file.hpp"

namespace kadsim {

/// The file that says which scenario the results in a folder belong to. It appears last, so a
/// folder that has it is complete. JSON with the strings /scenario/name and /scenario/sha256 (64
/// lower-case hex digits).
inline constexpr std::string_view kManifestName = "manifest.json";

/// The folder within that holds the results of each of many runs.
inline constexpr std::string_view kRunsFolder = "runs";

struct ResultFolderOptions {
  std::filesystem::path directory;  ///< made with its parents if it does not exist
  std::string scenario_name;        ///< for messages
  Hash scenario_sha256;             ///< of the effective scenario's text
  /// Every file name that kadsim may write, in the order in which the files appear; the last is
  /// `kManifestName`.
  std::vector<std::string> names;
  bool force = false;  ///< overwrite results of another scenario
  bool many = false;   ///< the results of many runs: `begin_runs` will be called
};

struct ResultFile {
  std::string name;
  std::uint64_t bytes = 0;
  Hash sha256;
};

/// The folder that receives the results of one run, or of many runs together: all of them or none.
///
/// Files are written as `NAME.part` and get their names at `commit`, when all of them are safely on
/// disk. Until then the earlier content of the folder stays as it was. A ResultFolder that is
/// destroyed without `commit`, after an error or an interrupt, removes all that it made, including
/// the folder and its parents. Files with names that are not in the options are never touched. The
/// folders of many runs are written below `runs.part`, each with a ResultFolder of its own; that
/// becomes `runs` at `commit`.
///
/// The constructor throws an OutputError that says what is in the way
///  - if the manifest in the folder names another scenario (its SHA-256 differs), or result files
///    are there without a readable manifest, unless `force` is set;
///  - if the path is not a folder, cannot be made or written to, holds a folder or device under the
///    name of a result file, or, for many runs, has foreign files in its folder `runs`;
///  - if another run is writing to the folder (an advisory lock, which ends with its process).
/// So a run learns of all this before it plays. Files ending in `.part` and a folder `runs.part`
/// that are found in an accepted folder were left by a run that was killed; they are removed.
class ResultFolder {
 public:
  explicit ResultFolder(ResultFolderOptions options);
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  /// Begins the file `name`, one of the names of the options, at most once for each. The writer
  /// belongs to this object and lives as long as it does; the caller need not close it.
  FileWriter& begin(std::string_view name);

  /// Makes the folder that holds the folders of the runs, and returns its path until `commit`. To
  /// be called at most once.
  std::filesystem::path begin_runs();

  /// Closes the files begun so far and lists them in the order of the option `names`, for the
  /// manifest.
  std::vector<ResultFile> finish_files();

  /// Closes all files, then gives them their names in the order of the option `names`. Earlier
  /// result files that this run did not begin are removed, and so are the folders of earlier runs.
  /// The manifest must have been begun; an old one is removed first and the new one appears last,
  /// so a folder left half-way (power failure, failed rename) has none. Throws OutputError if a
  /// file cannot be closed; then nothing has changed. To be called once.
  void commit();

  /// What this object has made so far and would remove if it were destroyed now, in the order of
  /// removal: files under their temporary names, then folders from the innermost to the outermost.
  /// For a program that has to exit without destroying it.
  [[nodiscard]] std::vector<std::filesystem::path> made() const;

  [[nodiscard]] const std::filesystem::path& directory() const { return options_.directory; }

 private:
  void check_owner();
  /// True if the folders of earlier runs exist and hold nothing but result files.
  bool find_earlier_runs() const;
  void remove_leftovers() const;
  void replace_runs() const;
  [[nodiscard]] std::filesystem::path path_of(std::string_view name) const;
  PartFile* find(std::string_view name);

  // Destroyed from the last to the first: files, lock, folders.
  ResultFolderOptions options_;
  std::unique_ptr<MadeFolders> made_;
  std::unique_ptr<FolderLock> lock_;
  std::list<PartFile> files_;
  bool runs_begun_ = false;
  bool earlier_runs_ = false;  // there are some, to be removed at `commit`
  bool committed_ = false;
};

}  // namespace kadsim

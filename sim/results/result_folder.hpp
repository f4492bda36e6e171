#pragma once

#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/hash/hash.hpp"
#include "sim/results/file_writer.hpp"
#include "sim/results/folder_guards.hpp"

namespace kadsim {

/// The file that says whose results a folder holds; it appears last, so where it is, the set is
/// whole. JSON with the strings /scenario/name and /scenario/sha256 (64 lower-case hex digits).
inline constexpr std::string_view kManifestName = "manifest.json";

/// The folder within that holds the results of each of many runs.
inline constexpr std::string_view kRunsFolder = "runs";

struct ResultFolderOptions {
  std::filesystem::path directory;  ///< made if it's not there, with its parents
  std::string scenario_name;        ///< for messages
  Hash scenario_sha256;             ///< of the effective scenario's text
  /// Every name that kadsim may write, in the order they appear in; the last is `kManifestName`.
  std::vector<std::string> names;
  bool force = false;  ///< overwrite another scenario's results
  bool many = false;   ///< the results of many runs: `begin_runs` will be called
};

struct ResultFile {
  std::string name;
  std::uint64_t bytes = 0;
  Hash sha256;
};

/// The folder that the results of one run go to, or of many together: all of them or none.
///
/// Files are written under `NAME.part` and get their names at `commit`, when all of them are safely
/// on disk. Until then what the folder holds stays as it was; and a ResultFolder that ends without
/// `commit`, after an error or an interrupt, removes what it made, the folder and its parents too.
/// Files whose names are not ours are never touched. The runs of many are written to `runs.part`,
/// in whatever folders, each whole; it becomes `runs` at `commit`.
///
/// The constructor refuses, with an OutputError that says what is in the way, a folder
///  - whose manifest names another scenario (its SHA-256 differs), or that holds files of our names
///    but no manifest we can read, unless `force`;
///  - that is no folder, can't be made or written to, has a folder or device under our names, or,
///  for
///    many runs, files of others in its folder `runs`;
///  - to which another run writes at this moment (an advisory lock, which ends with its process).
/// So a run learns of all this before it plays. `.part` files and a folder `runs.part` in a folder
/// that passes are left over from a run that was killed, and removed.
class ResultFolder {
 public:
  explicit ResultFolder(ResultFolderOptions options);
  ~ResultFolder();
  ResultFolder(const ResultFolder&) = delete;
  ResultFolder& operator=(const ResultFolder&) = delete;

  /// Starts the file `name`, one of the options' names, once each. The writer is ours and lives as
  /// long as we do; closing it is optional.
  FileWriter& begin(std::string_view name);

  /// Makes the folder for the folders of the runs, and says where that is until `commit`. Once.
  std::filesystem::path begin_runs();

  /// Closes the files begun so far and lists them in the order of `names`, for the manifest.
  std::vector<ResultFile> finish_files();

  /// Closes all files, then gives them their names in the order of `names`; those of our files that
  /// this run did not begin are removed, and so are the runs of an earlier one. The manifest must
  /// have been begun; an old one goes first and the new one comes last, so a folder caught half-way
  /// (power failure, failed rename) has none. OutputError where a file can't be closed: then
  /// nothing has changed. Once.
  void commit();

  /// What this run has made so far and would remove if it ended now, in the order of removal: files
  /// under their temporary names, then folders from the inside out. For a program that has to leave
  /// without ending it.
  [[nodiscard]] std::vector<std::filesystem::path> made() const;

  [[nodiscard]] const std::filesystem::path& directory() const { return options_.directory; }

 private:
  /// A file under its temporary name, removed unless it got its own.
  class PartFile;

  void check_owner();
  /// Looks at the runs of an earlier run; true if there are any, and they are ours.
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
  bool earlier_runs_ = false;  // there are some, and they go at `commit`
  bool committed_ = false;
};

}  // namespace kadsim

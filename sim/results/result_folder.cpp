#include "sim/results/result_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <utility>

#include "core/base/assert.hpp"
#include "core/base/input_error.hpp"

namespace kadsim {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, std::string_view what, const std::error_code& reason) {
  throw OutputError(fmt::format("{}: {}: {}", path.string(), what, reason.message()));
}

std::error_code last_error() { return {errno, std::generic_category()}; }

// The scenario that the results in a folder belong to.
struct Owner {
  std::string name;
  std::string sha256;
};

// Read from a manifest that kadsim wrote. Any other file gives nothing, and no error: it may have
// any content.
std::optional<Owner> read_owner(const fs::path& manifest) {
  std::error_code ignored;
  if (!fs::is_regular_file(manifest, ignored)) return std::nullopt;
  std::ifstream file(manifest, std::ios::binary);
  const auto json = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
  const auto text_at = [&json](const char* key) -> std::optional<std::string> {
    if (!json.is_object()) return std::nullopt;
    const auto scenario = json.find("scenario");
    if (scenario == json.end() || !scenario->is_object()) return std::nullopt;
    const auto member = scenario->find(key);
    if (member == scenario->end() || !member->is_string()) return std::nullopt;
    return member->get<std::string>();
  };
  auto name = text_at("name");
  auto sha256 = text_at("sha256");
  if (!name || !sha256) return std::nullopt;
  return Owner{std::move(*name), std::move(*sha256)};
}

// A name from an unknown file made safe to print: control characters are escaped.
std::string quoted(const std::string& name) {
  return nlohmann::json(name).dump(-1, ' ', /*ensure_ascii=*/true);
}

// The first file in a tree whose name is not in `ours`; nothing if there is none.
std::optional<fs::path> find_foreign(const fs::path& tree, const std::vector<std::string>& ours) {
  std::error_code error;
  fs::recursive_directory_iterator at(tree, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    const bool folder = at->symlink_status(error).type() == fs::file_type::directory;
    if (folder || std::ranges::count(ours, at->path().filename().string()) > 0) continue;
    return at->path();
  }
  if (error) fail(tree, "cannot look into the folder", error);
  return std::nullopt;
}

}  // namespace

ResultFolder::ResultFolder(ResultFolderOptions options) : options_(std::move(options)) {
  KADSIM_ASSERT(!options_.names.empty() && options_.names.back() == kManifestName,
                "the manifest is the last of the result files");
  const fs::path& directory = options_.directory;
  if (directory.empty()) throw OutputError("the name of the folder for the results is empty");
  made_ = std::make_unique<MadeFolders>(directory);
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    if (error) fail(directory, "cannot open the folder", error);
    throw OutputError(fmt::format("{}: is a file (want a folder)", directory.string()));
  }
  lock_ = std::make_unique<FolderLock>(directory);
  check_owner();
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    fail(directory, "cannot write to the folder", last_error());
  }
  remove_leftovers();
}

ResultFolder::~ResultFolder() {
  std::error_code ignored;
  if (runs_begun_ && !committed_) {
    fs::remove_all(PartFile::part_of(path_of(kRunsFolder)), ignored);
  }
}

fs::path ResultFolder::path_of(std::string_view name) const { return options_.directory / name; }

bool ResultFolder::find_earlier_runs() const {
  const fs::path runs = path_of(kRunsFolder);
  std::error_code error;
  const fs::file_status status = fs::symlink_status(runs, error);
  if (status.type() == fs::file_type::not_found) return false;
  if (status.type() == fs::file_type::none) fail(runs, "cannot look at the folder", error);
  const bool folder = status.type() == fs::file_type::directory;
  const auto foreign = folder ? find_foreign(runs, options_.names) : runs;
  if (foreign && options_.many) {
    throw OutputError(
        fmt::format("{}: is in the way of the results of the runs", foreign->string()));
  }
  return !foreign;
}

void ResultFolder::check_owner() {
  earlier_runs_ = find_earlier_runs();
  std::string found = earlier_runs_ ? std::string(kRunsFolder) : "";  // the first result found
  for (const std::string& name : options_.names) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path_of(name), error);
    if (status.type() == fs::file_type::not_found) continue;
    if (status.type() == fs::file_type::none) fail(path_of(name), "cannot look at the file", error);
    // A symbolic link is replaced like a file; its target is not touched.
    if (status.type() != fs::file_type::regular && status.type() != fs::file_type::symlink) {
      throw OutputError(fmt::format("{}: is in the way of a result file", path_of(name).string()));
    }
    if (found.empty()) found = name;
  }
  if (found.empty() || options_.force) return;
  const auto refuse = [this](const std::string& reason) {
    throw OutputError(fmt::format("{}: {}; choose another folder, or overwrite them with --force",
                                  directory().string(), reason));
  };
  const std::optional<Owner> owner = read_owner(path_of(kManifestName));
  if (!owner) {
    refuse(fmt::format("holds {}, but no {} that names its scenario", found, kManifestName));
  }
  if (owner->sha256 != options_.scenario_sha256.hex()) {
    const std::string whose = owner->name.empty() ? "another scenario, which has no name"
                              : owner->name == options_.scenario_name
                                  ? fmt::format("other settings of {}", quoted(owner->name))
                                  : fmt::format("scenario {}", quoted(owner->name));
    refuse(fmt::format("holds the results of {}", whose));
  }
}

void ResultFolder::remove_leftovers() const {
  for (const std::string& name : options_.names) {
    ::unlink(PartFile::part_of(path_of(name)).c_str());
  }
  const fs::path runs = PartFile::part_of(path_of(kRunsFolder));
  std::error_code error;
  fs::remove_all(runs, error);
  if (error) fail(runs, "cannot remove what a killed run has left", error);
}

PartFile* ResultFolder::find(std::string_view name) {
  const auto at = std::ranges::find(files_, name, &PartFile::name);
  return at == files_.end() ? nullptr : &*at;
}

FileWriter& ResultFolder::begin(std::string_view name) {
  KADSIM_ASSERT(std::ranges::count(options_.names, name) == 1, "not the name of a result file");
  KADSIM_ASSERT(!committed_ && find(name) == nullptr, "a result file is begun twice");
  return files_.emplace_back(path_of(name)).writer();
}

fs::path ResultFolder::begin_runs() {
  KADSIM_ASSERT(options_.many && !runs_begun_, "the folders of many runs are begun once");
  const fs::path runs = PartFile::part_of(path_of(kRunsFolder));
  std::error_code error;
  fs::create_directory(runs, error);
  if (error) fail(runs, "cannot make the folder", error);
  runs_begun_ = true;
  return runs;
}

std::vector<fs::path> ResultFolder::made() const {
  KADSIM_ASSERT(!committed_, "committed results are not removed");
  std::vector<fs::path> all;
  for (const PartFile& file : files_) all.push_back(file.part_path());
  const std::vector<fs::path>& folders = made_->folders();
  all.insert(all.end(), folders.rbegin(), folders.rend());
  return all;
}

std::vector<ResultFile> ResultFolder::finish_files() {
  std::vector<ResultFile> finished;
  for (const std::string& name : options_.names) {
    PartFile* const file = find(name);
    if (file == nullptr) continue;
    FileWriter& writer = file->writer();
    writer.close();
    finished.push_back({.name = name, .bytes = writer.bytes(), .sha256 = writer.sha256()});
  }
  return finished;
}

void ResultFolder::replace_runs() const {
  const fs::path runs = path_of(kRunsFolder);
  std::error_code error;
  if (earlier_runs_) fs::remove_all(runs, error);
  if (error) fail(runs, "cannot remove the results of earlier runs", error);
  if (!runs_begun_) return;
  if (::rename(PartFile::part_of(runs).c_str(), runs.c_str()) != 0) {
    fail(runs, "cannot rename the finished folder", last_error());
  }
}

void ResultFolder::commit() {
  KADSIM_ASSERT(!committed_, "results are committed twice");
  KADSIM_ASSERT(find(kManifestName) != nullptr, "results without a manifest are not whole");
  finish_files();
  // From here on the folder holds results, complete or not, and must not be removed.
  made_->keep();
  const auto remove = [this](const std::string& name) {
    std::error_code error;
    fs::remove(path_of(name), error);
    if (error) fail(path_of(name), "cannot remove the file of an earlier run", error);
  };
  remove(std::string(kManifestName));
  replace_runs();
  for (const std::string& name : options_.names) {
    if (PartFile* const file = find(name)) {
      file->rename();
    } else {
      remove(name);
    }
  }
  lock_->bring_to_disk();
  committed_ = true;
}

}  // namespace kadsim

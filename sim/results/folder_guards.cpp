#include "sim/results/folder_guards.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/base/input_error.hpp"

namespace kadsim {

namespace fs = std::filesystem;

MadeFolders::MadeFolders(const fs::path& directory) {
  std::vector<fs::path> missing;
  std::error_code error;
  for (fs::path at = directory; !at.empty() && !fs::exists(at, error); at = at.parent_path()) {
    missing.push_back(at);
  }
  for (; !missing.empty(); missing.pop_back()) {
    if (fs::create_directory(missing.back(), error)) made_.push_back(missing.back());
    if (!error) continue;
    remove();
    throw OutputError(
        fmt::format("{}: cannot make the folder: {}", missing.back().string(), error.message()));
  }
}

void MadeFolders::remove() noexcept {
  // Only empty folders are removed: one that another program has put a file into stays.
  for (; !made_.empty(); made_.pop_back()) ::rmdir(made_.back().c_str());
}

FolderLock::FolderLock(const fs::path& directory)
    : descriptor_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
  if (descriptor_ < 0) {
    throw OutputError(fmt::format("{}: cannot open the folder: {}", directory.string(),
                                  std::generic_category().message(errno)));
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    ::close(descriptor_);
    throw OutputError(
        fmt::format("{}: another run is writing its results to this folder", directory.string()));
  }
}

FolderLock::~FolderLock() { ::close(descriptor_); }

void FolderLock::bring_to_disk() const { static_cast<void>(::fsync(descriptor_)); }

}  // namespace kadsim

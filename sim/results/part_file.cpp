#include "sim/results/part_file.hpp"

#include "core/base/input_error.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

namespace kadsim {

PartFile::PartFile(const std::filesystem::path& final_path)
    : final_path_(final_path),
      part_path_(part_of(final_path)),
      writer_(part_path_, final_path.string()) {}

PartFile::~PartFile() {
  if (!renamed_) ::unlink(part_path_.c_str());
}

void PartFile::rename() {
  writer_.close();
  if (std::rename(part_path_.c_str(), final_path_.c_str()) != 0) {
    throw OutputError(fmt::format("{}: cannot rename the finished file: {}", final_path_.string(),
                                  std::generic_category().message(errno)));
  }
  renamed_ = true;
}

}  // namespace kadsim

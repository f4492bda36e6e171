#include "tools/kadsim/machine_memory.hpp"

#include "core/base/input_error.hpp"
#include "sim/run/memory_estimate.hpp"

#include <fmt/format.h>

#include <unistd.h>
#include <algorithm>
#include <array>
#include <fstream>

namespace kadsim::tools {
namespace {

// The limit in a file of control groups, version 2 or 1, as seen from within a container. The word
// "max" stands for no limit.
std::uint64_t limit_in(const char* file) {
  std::ifstream stream(file);
  std::uint64_t bytes = 0;
  return stream >> bytes && bytes > 0 ? bytes : UINT64_MAX;
}

}  // namespace

std::uint64_t machine_memory() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  std::uint64_t bytes = UINT64_MAX;
  if (pages > 0 && page_bytes > 0) {
    bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_bytes);
  }
  for (const char* file :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    bytes = std::min(bytes, limit_in(file));
  }
  return bytes == UINT64_MAX ? 0 : bytes;
}

std::string format_bytes(std::uint64_t bytes) {
  static constexpr std::array kUnits = {"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  return value < 9.95 ? fmt::format("{:.1f} {}", value, kUnits[unit])
                      : fmt::format("{:.0f} {}", value, kUnits[unit]);
}

void require_fit(const std::string& file, const Scenario& scenario, std::uint64_t machine_bytes) {
  const TableStorage storage = settled_storage(scenario, machine_bytes);
  const std::uint64_t needed = estimate_memory(scenario, storage).peak();
  if (machine_bytes == 0 || needed <= machine_bytes) return;
  std::string advice = "fewer nodes or operations";
  if (storage != TableStorage::kDerived) {
    const std::uint64_t derived = estimate_memory(scenario, TableStorage::kDerived).peak();
    const std::string instead =
        fmt::format("network.tables.storage=derived, which takes about {}", format_bytes(derived));
    advice = derived <= machine_bytes ? fmt::format("{}, or {}", instead, advice)
                                      : fmt::format("{}; {} is not enough", advice, instead);
  }
  throw InputError(
      fmt::format("{}: a run takes about {} of memory, and this machine has {} (want {})", file,
                  format_bytes(needed), format_bytes(machine_bytes), advice));
}

}  // namespace kadsim::tools

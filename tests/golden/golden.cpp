#include "tests/golden/golden.hpp"

#include "sim/scenario/decode.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace kadsim {
namespace {

const std::filesystem::path kFolder = "tests/golden";
constexpr const char* kHeader = "scenario,fingerprint";

}  // namespace

std::vector<std::string> golden_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

Scenario golden_scenario(const std::string& name) {
  return read_scenario((kFolder / (name + ".json")).string(), {});
}

std::map<std::string, std::string> stored_fingerprints() {
  std::ifstream file(kFolder / "fingerprints.csv");
  std::map<std::string, std::string> stored;
  std::string line;
  if (!std::getline(file, line) || line != kHeader)
    throw std::runtime_error("fingerprints.csv: no header");
  while (std::getline(file, line)) {
    const auto comma = line.find(',');
    stored[line.substr(0, comma)] = line.substr(comma + 1);
  }
  return stored;
}

void write_actual(const std::map<std::string, std::string>& actual) {
  std::ofstream file(kFolder / "fingerprints.csv.actual");
  file << kHeader << '\n';
  for (const auto& [name, fingerprint] : actual) file << name << ',' << fingerprint << '\n';
}

}  // namespace kadsim

#pragma once

#include <string>
#include <vector>

namespace kadsim {

/// One key of scenario files, for people to read.
struct ReferenceEntry {
  std::string path;       ///< "network.link.delay.min"; items of a list stand under "workload[]"
  std::string condition;  ///< `when "model" is "uniform"`; empty for a key that always stands there
  std::string type;       ///< with its range: "a whole number from 1 to 1000"
  std::string otherwise;  ///< "required", "default 20", "default: that of k"; empty for an object
  std::string help;       ///< one sentence, then a line for each name that it may be

  bool operator==(const ReferenceEntry&) const = default;
};

/// Every key, in the order in which scenarios are printed. What a name stands for and which keys
/// go with it is told where it is first met: the models of a delay at `network.link.delay`.
[[nodiscard]] std::vector<ReferenceEntry> scenario_reference();

/// The same as a text: a paragraph a key, and the help on every name that it may be.
[[nodiscard]] std::string print_scenario_reference();

}  // namespace kadsim

#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <cstdint>
#include <string>

#include "tools/kadsim/command.hpp"

namespace kadsim::tools {

/// What a command accepts: named options and positional arguments.
struct OptionSet {
  const char* usage;    ///< e.g. "kadsim run FILE [options]"
  const char* summary;  ///< a sentence or two
  boost::program_options::options_description named{"Options"};
  /// The name of the option that collects positional arguments; null: there are none.
  const char* positional = nullptr;
  int max_positional = 1;  ///< -1: any number
};

/// Reads the arguments and adds the option --help. Abbreviated names of options are not accepted.
/// Throws a UsageError that names the option and says what would be right. Values stay text:
/// numbers are read by `whole_number`, since Program_options would turn -5 into
/// 18446744073709551611.
boost::program_options::variables_map parse_options(OptionSet& options, const Arguments& arguments);

/// Prints the help and returns true if the arguments asked for it.
bool help_printed(const OptionSet& options, const boost::program_options::variables_map& values);

/// The whole number from `least` to `most` that `text` says; throws UsageError with the name
/// `option` for any other text.
std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most);

/// Writes `text` to standard output and flushes it. Throws OutputError if that fails.
void print(const std::string& text);

}  // namespace kadsim::tools

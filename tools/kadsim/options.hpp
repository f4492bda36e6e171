#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include <cstdint>
#include <string>

#include "tools/kadsim/command.hpp"

namespace kadsim::tools {

/// What a command takes: named options, and names of its positional arguments.
struct OptionSet {
  const char* usage;    ///< e.g. "kadsim run FILE [options]"
  const char* summary;  ///< a sentence or two
  boost::program_options::options_description named{"Options"};
  const char* positional =
      nullptr;             ///< name of the option that collects them; null: none are taken
  int max_positional = 1;  ///< -1: any number
};

/// Reads the arguments; abbreviated option names are not guessed. Adds --help. Throws UsageError
/// that names the option and what would be right. Values are text: numbers are read by the
/// functions below, since Program_options would turn -5 into 18446744073709551611.
boost::program_options::variables_map parse_options(OptionSet& options, const Arguments& arguments);

/// Did the arguments ask for help? Then it has been printed.
bool help_printed(const OptionSet& options, const boost::program_options::variables_map& values);

/// A whole number from `least` to `most`; `option` is its name for messages.
std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most);

/// Writes to standard output and brings it out; OutputError if that fails.
void print(const std::string& text);

}  // namespace kadsim::tools

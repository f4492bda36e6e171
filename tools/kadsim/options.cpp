#include "tools/kadsim/options.hpp"

#include "core/base/input_error.hpp"
#include "sim/input/parse_number.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sstream>

namespace kadsim::tools {
namespace po = boost::program_options;

po::variables_map parse_options(OptionSet& options, const Arguments& arguments) {
  options.named.add_options()("help,h", "this text");
  po::positional_options_description positional;
  if (options.positional != nullptr) positional.add(options.positional, options.max_positional);

  std::vector<std::string> names;
  for (const auto& option : options.named.options()) names.push_back("--" + option->long_name());
  po::variables_map values;
  try {
    const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments)
                  .options(options.named)
                  .positional(positional)
                  .style(style)
                  .run(),
              values);
    po::notify(values);
  } catch (const po::unknown_option& error) {
    throw UsageError(fmt::format("unknown option '{}'{}", error.get_option_name(),
                                 did_you_mean(error.get_option_name(), names)));
  } catch (const po::too_many_positional_options_error&) {
    throw UsageError(fmt::format("too many arguments (want: {})", options.usage));
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
  return values;
}

bool help_printed(const OptionSet& options, const po::variables_map& values) {
  if (values.count("help") == 0) return false;
  std::ostringstream text;
  text << "usage: " << options.usage << "\n\n" << options.summary << "\n\n" << options.named;
  print(text.str());
  return true;
}

std::uint64_t whole_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  const std::optional<std::uint64_t> value = parse_number<std::uint64_t>(text);
  if (!value || *value < least || *value > most) {
    throw UsageError(
        fmt::format("{} {}: want a whole number from {} to {}", option, text, least, most));
  }
  return *value;
}

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw OutputError(fmt::format("standard output: {}", std::strerror(errno)));
  }
}

}  // namespace kadsim::tools

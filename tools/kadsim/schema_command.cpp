#include "sim/scenario/schema.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/options.hpp"

namespace kadsim::tools {

int schema_command(const Arguments& arguments) {
  OptionSet options{
      .usage = "kadsim schema",
      .summary = "Prints the JSON Schema of scenario files, for editors that check as you type."};
  const auto values = parse_options(options, arguments);
  if (help_printed(options, values)) return kDone;
  print(scenario_schema());
  return kDone;
}

}  // namespace kadsim::tools

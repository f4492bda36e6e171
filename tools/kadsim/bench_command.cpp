#include "core/base/input_error.hpp"
#include "sim/results/text_table.hpp"
#include "tools/kadsim/benchmark.hpp"
#include "tools/kadsim/benchmark_csv.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/interrupt.hpp"
#include "tools/kadsim/options.hpp"

#include <boost/program_options.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace kadsim::tools {
namespace {

namespace po = boost::program_options;

struct BenchArguments {
  std::string group;
  std::string name;
  std::optional<std::filesystem::path> directory;
  std::optional<std::filesystem::path> baseline;
  std::uint64_t rounds = 0;
  BenchmarkSettings settings;
};

BenchArguments read_arguments(const po::variables_map& values) {
  const std::string want = "(want one of: hashes, routing, network, all)";
  BenchArguments arguments;
  if (values.count("group") == 0) throw UsageError("nothing to measure " + want);
  arguments.group = values["group"].as<std::string>();
  const std::vector<std::string> groups = {"hashes", "routing", "network", "all"};
  if (std::find(groups.begin(), groups.end(), arguments.group) == groups.end()) {
    throw UsageError(fmt::format("nothing to measure under '{}'{} {}", arguments.group,
                                 did_you_mean(arguments.group, groups), want));
  }
  // Program_options calls an option that has only a short name by that, dash included.
  const auto number = [&](const std::string& option, std::uint64_t least, std::uint64_t most) {
    const std::string shown = option.front() == '-' ? option : "--" + option;
    return whole_number(shown, values[option].as<std::string>(), least, most);
  };
  arguments.name = values["name"].as<std::string>();
  if (arguments.name.empty() || arguments.name.find('/') != std::string::npos) {
    throw UsageError("--name '" + arguments.name + "': want a name for files, without '/'");
  }
  arguments.rounds = number("rounds", 1, 1'000'000);
  arguments.settings.k = static_cast<unsigned>(number("-k", 1, 1000));
  arguments.settings.nodes = static_cast<std::uint32_t>(number("nodes", 2, 100'000'000));
  arguments.settings.threads = static_cast<int>(number("threads", 0, 1024));
  arguments.settings.seed = number("seed", 0, UINT64_MAX);
  if (values.count("output") != 0) arguments.directory = values["output"].as<std::string>();
  if (values.count("baseline") != 0) {
    arguments.baseline = values["baseline"].as<std::string>();
    if (!std::filesystem::is_directory(*arguments.baseline)) {
      throw UnreadableError(fmt::format("{}: no such folder", arguments.baseline->string()));
    }
  }
  return arguments;
}

void print_figures(const Benchmark& benchmark, const std::vector<Round>& rounds) {
  const RoundFigures figures = figures_of(rounds);
  print(
      fmt::format("{}: {}\n"
                  "  rounds         {}\n"
                  "  failed rounds  {}\n"
                  "  prep time (s)  {:.9f}\n"
                  "  avg (s)        {:.9f}\n"
                  "  median (s)     {:.9f}\n"
                  "  p90_duration (s) {:.9f}\n",
                  benchmark.group, benchmark.name, figures.rounds, figures.failed, figures.prep_s,
                  figures.avg_s, figures.median_s, figures.p90_s));
}

// The export of this benchmark in a folder: the one with the same name, or else the only one with
// the same ending.
std::optional<std::filesystem::path> older_export(const std::filesystem::path& folder,
                                                  const std::string& name,
                                                  const Benchmark& benchmark) {
  const std::filesystem::path same = folder / csv_name(name, benchmark);
  if (std::filesystem::exists(same)) return same;
  std::vector<std::filesystem::path> found;
  const std::string ending = csv_name("", benchmark);
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!entry.path().filename().string().ends_with(ending)) continue;
    // "fast_bootstrap_network.csv" ends like "bootstrap_network.csv", but is another benchmark.
    const bool longer =
        std::any_of(benchmarks().begin(), benchmarks().end(), [&](const Benchmark& other) {
          const std::string theirs = csv_name("", other);
          return theirs.size() > ending.size() &&
                 entry.path().filename().string().ends_with(theirs);
        });
    if (!longer) found.push_back(entry.path());
  }
  if (found.size() != 1) return std::nullopt;
  return found.front();
}

void prepare_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_directory(folder)) {
    throw OutputError(
        fmt::format("{}: {}", folder.string(), error ? error.message() : "is not a folder"));
  }
}

int measure(const BenchArguments& arguments) {
  catch_interrupts();
  // An older export that cannot be read is reported before anything is measured.
  std::vector<std::optional<std::vector<Round>>> before(benchmarks().size());
  if (arguments.baseline.has_value()) {
    for (std::size_t i = 0; i < benchmarks().size(); ++i) {
      const auto file = older_export(*arguments.baseline, arguments.name, benchmarks()[i]);
      if (file.has_value()) before[i] = read_rounds(*file);
    }
  }
  if (arguments.directory.has_value()) prepare_folder(*arguments.directory);

  TextTable table(
      {{"", TextTable::Align::kLeft}, {"ratio"}, {"from"}, {"to"}, {"", TextTable::Align::kLeft}});
  for (std::size_t i = 0; i < benchmarks().size(); ++i) {
    const Benchmark& benchmark = benchmarks()[i];
    if (arguments.group != "all" && arguments.group != benchmark.group) continue;
    const std::vector<Round> rounds =
        run_benchmark(benchmark, arguments.settings, arguments.rounds);
    if (interrupt_signal() != 0) return 128 + interrupt_signal();
    print_figures(benchmark, rounds);
    if (arguments.directory.has_value()) {
      write_rounds(*arguments.directory / csv_name(arguments.name, benchmark), rounds);
    }
    if (!arguments.baseline.has_value()) continue;
    if (!before[i].has_value()) {
      table.row({benchmark.name, "-", "-", "-", "not in the baseline"});
      continue;
    }
    const Comparison moved = compare(*before[i], rounds);
    table.row({benchmark.name, fmt::format("{:.3f}", moved.ratio),
               fmt::format("{:.3f}", moved.least), fmt::format("{:.3f}", moved.most),
               moved.verdict});
  }
  if (arguments.baseline.has_value()) {
    print(
        "\nmedian now / median in the baseline, and the interval that the spread of the rounds "
        "allows:\n" +
        table.str());
  }
  return kDone;
}

}  // namespace

int bench_command(const Arguments& arguments) {
  OptionSet options{.usage = "kadsim bench hashes|routing|network|all [options]",
                    .summary =
                        "py-dht's benchmarks. A round does its work for --nodes hashes or nodes; "
                        "\"bootstrap network\"\n"
                        "offers every node to every node. \"same\" next to a baseline means that "
                        "the 95 % intervals\n"
                        "of the two medians overlap, or are less than 5 % apart.",
                    .positional = "group"};
  options.named.add_options()                                 //
      ("group", po::value<std::string>(), "what to measure")  //
      ("name,t", po::value<std::string>()->default_value("kadsim"),
       "files are called NAME_BENCHMARK.csv")  //
      ("output,o", po::value<std::string>(),
       "folder for a CSV a benchmark (default: none is written)")                              //
      ("rounds,i", po::value<std::string>()->default_value("10"), "rounds of each benchmark")  //
      (",k", po::value<std::string>()->default_value("20"), "size of a bucket")                //
      ("nodes,n", po::value<std::string>()->default_value("1000"), "hashes or nodes")          //
      ("threads", po::value<std::string>()->default_value("0"),
       "threads of fast threaded bootstrap (0: all cores)")                        //
      ("seed", po::value<std::string>()->default_value("1"), "seed of the names")  //
      ("baseline", po::value<std::string>(),
       "folder of an older export: say what became slower or faster");
  po::variables_map values = parse_options(options, arguments);
  if (help_printed(options, values)) return kDone;
  return measure(read_arguments(values));
}

}  // namespace kadsim::tools

#include "core/base/input_error.hpp"
#include "sim/results/point_comparison.hpp"
#include "sim/results/result_reader.hpp"
#include "tools/kadsim/build_info.hpp"
#include "tools/kadsim/command.hpp"
#include "tools/kadsim/diff_report.hpp"
#include "tools/kadsim/options.hpp"

#include <boost/program_options.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace kadsim::tools {
namespace po = boost::program_options;
namespace {

using Pairs = std::vector<std::pair<const StoredPoint*, const StoredPoint*>>;

std::string names_of(const std::vector<StoredPoint>& points) {
  std::string text;
  for (std::size_t i = 0; i < points.size() && i < 5; ++i) {
    text += (i > 0 ? ", " : "") + (points[i].name.empty() ? "one without a name" : points[i].name);
  }
  return points.size() > 5 ? text + ", ..." : text;
}

// If each side has one point, the two are compared under any names; otherwise points of the same
// name are compared.
Pairs pair_points(const std::vector<StoredPoint>& a, const std::vector<StoredPoint>& b,
                  const std::vector<std::string>& folders) {
  Pairs pairs;
  if (a.size() == 1 && b.size() == 1) return {{&a.front(), &b.front()}};
  for (const StoredPoint& of_a : a) {
    const auto of_b = std::ranges::find(b, of_a.name, &StoredPoint::name);
    if (of_b != b.end()) pairs.emplace_back(&of_a, &*of_b);
  }
  if (!pairs.empty()) return pairs;
  throw InputError(
      fmt::format("{} and {}: no point has the same name in both ({}; {}) (want sweeps with points "
                  "in common, or "
                  "the folders of two points, such as {}/runs/0001-...)",
                  folders[0], folders[1], names_of(a), names_of(b), folders[0]));
}

std::string left_alone(const std::vector<StoredPoint>& points, std::size_t compared,
                       const char* side) {
  if (points.size() == compared) return {};
  return fmt::format("  {} of {} points of {} have no partner and are left out.\n",
                     points.size() - compared, points.size(), side);
}

int compare(const std::vector<std::string>& folders, const std::string& csv_file) {
  const std::vector<StoredPoint> a = read_results(folders[0], build_info().version);
  const std::vector<StoredPoint> b = read_results(folders[1], build_info().version);
  const Pairs pairs = pair_points(a, b, folders);
  std::vector<PointComparison> points;
  for (const auto& [of_a, of_b] : pairs) points.push_back(compare_points(*of_a, *of_b));
  if (!csv_file.empty()) write_diff_csv(csv_file, points);

  std::string text = fmt::format("A  {}\nB  {}\n", folders[0], folders[1]);
  text += left_alone(a, pairs.size(), "A") + left_alone(b, pairs.size(), "B");
  for (PointComparison& point : points) {
    if (pairs.size() == 1) point.name.clear();
    text += (pairs.size() == 1 ? "\n" : "") + format_diff(point);
  }
  print(text);
  return kDone;
}

}  // namespace

int diff_command(const Arguments& arguments) {
  OptionSet options{
      .usage = "kadsim diff DIR_A DIR_B [options]",
      .summary =
          "Compares the results in two folders: single runs, replicas of one point\n"
          "(DIR/runs/0001-...), or sweeps, whose points are compared name by name. Operations\n"
          "are paired by number where both runs had the same network and the same work.\n"
          "Tells what was set differently, what difference it made with a 95 % interval, and\n"
          "a verdict: on the setting if there are five replicas on each side, else on the\n"
          "networks at hand.",
      .positional = "folder",
      .max_positional = 2};
  options.named.add_options()                                         //
      ("folder", po::value<std::vector<std::string>>(), "A, then B")  //
      ("csv", po::value<std::string>(), "write the figures to this file as well");
  const po::variables_map values = parse_options(options, arguments);
  if (help_printed(options, values)) return kDone;
  std::vector<std::string> folders;
  if (values.count("folder") != 0) folders = values["folder"].as<std::vector<std::string>>();
  if (folders.size() != 2) throw UsageError("want two folders: kadsim diff DIR_A DIR_B");
  const std::string csv = values.count("csv") != 0 ? values["csv"].as<std::string>() : "";
  if (values.count("csv") != 0 && csv.empty()) throw UsageError("--csv: want the name of a file");
  return compare(folders, csv);
}

}  // namespace kadsim::tools

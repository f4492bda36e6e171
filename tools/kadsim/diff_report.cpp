#include "tools/kadsim/diff_report.hpp"

#include "sim/measure/decimal.hpp"
#include "sim/results/csv_writer.hpp"
#include "sim/results/part_file.hpp"
#include "sim/results/text_table.hpp"
#include "tools/kadsim/diff_verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace kadsim::tools {
namespace {

constexpr std::size_t kLongestValue = 60;

std::string number(double value, int decimals) {
  std::string text = fmt::format("{:.{}f}", value, decimals);
  const bool zero = text.find_first_of("123456789") == std::string::npos;
  return zero && text.starts_with('-') ? text.substr(1) : text;
}

std::string shortened(const std::string& value) {
  if (value.empty()) return "-";
  return value.size() <= kLongestValue ? value : value.substr(0, kLongestValue) + "...";
}

std::string changes_of(const PointComparison& point) {
  if (point.changes.empty()) return "  The scenarios are the same.\n";
  using Align = TextTable::Align;
  TextTable table({{"  setting", Align::kLeft}, {"A", Align::kLeft}, {"B", Align::kLeft}});
  for (const SettingChange& change : point.changes) {
    table.row({"  " + change.key, shortened(change.a), shortened(change.b)});
  }
  return table.str();
}

std::string pairing_of(const PointComparison& point) {
  std::string text;
  if (point.paired) {
    text = "  Same networks, same operations: paired by number.\n";
  } else {
    text = fmt::format("  Not paired: {}.\n", point.why_not);
  }
  if (point.without_partner > 0) {
    text +=
        fmt::format("  {} replicas are left out: only one side has them.\n", point.without_partner);
  }
  return text;
}

std::string table_of(const Differences& differences) {
  TextTable table({{"", TextTable::Align::kLeft},
                   {"A"},
                   {"B"},
                   {"B - A"},
                   {"95 % interval", TextTable::Align::kLeft},
                   {"in % of A", TextTable::Align::kLeft}});
  for (std::size_t i = 0; i < kFigures; ++i) {
    if (!differences[i]) continue;
    const FigureInfo& info = info_of(static_cast<Figure>(i));
    const Difference& of = *differences[i];
    const auto shown = [&](double value) { return number(value / info.scale, info.decimals); };
    std::string interval = "too few";
    std::string relative = "-";
    if (of.interval) {
      const auto [low, high] = *of.interval;
      interval = fmt::format("{} to {}", shown(low), shown(high));
      if (of.a > 0) {
        relative =
            fmt::format("{} to {}", number(100 * low / of.a, 1), number(100 * high / of.a, 1));
      }
    }
    table.row({fmt::format("    {}{}{}", info.name, info.unit.empty() ? "" : " ", info.unit),
               shown(of.a), shown(of.b), shown(of.difference), interval, relative});
  }
  return table.str();
}

std::string pairs_of(const KindComparison& kind) {
  std::string text;
  if (kind.pairs > 0) {
    const auto share = [&](std::size_t part) {
      return format_ratio(static_cast<Wide>(part) * 100, kind.pairs, 1).str();
    };
    text = fmt::format("    of {} pairs B is faster in {} %, slower in {} %, equal in {} %",
                       format_grouped(kind.pairs), share(kind.faster), share(kind.slower),
                       share(kind.equal));
    if (kind.correlation) {
      text += fmt::format("; latencies correlate at {}", number(*kind.correlation, 3));
    }
    text += "\n";
  }
  if (kind.left_out > 0) {
    text += fmt::format(
        "    {} operations that a run cut off are left out: figures may favour the "
        "side with more of them\n",
        format_grouped(kind.left_out));
  }
  return text;
}

std::string network_of(const PointComparison& point, const NetworkComparison& network) {
  if (point.paired) {
    return fmt::format("in this network (seed {}, replica {})", network.a->seed,
                       network.a->replica);
  }
  return fmt::format("in these two networks (seed {}, replica {}; seed {}, replica {})",
                     network.a->seed, network.a->replica, network.b->seed, network.b->replica);
}

std::string kind_of(const PointComparison& point, const KindComparison& kind) {
  std::string text;
  const std::string name = std::string(name_of(kind.kind)) + "s";
  std::string verdict;
  if (kind.setting) {
    text +=
        fmt::format("\n  {}, over {} replicas\n", name,
                    point.paired ? fmt::format("{} pairs of", point.replicas_a)
                                 : fmt::format("{} and {}", point.replicas_a, point.replicas_b));
    text += table_of(*kind.setting) + pairs_of(kind);
    return text + fmt::format("  Verdict on the setting: {}.\n", verdict_of(*kind.setting));
  }
  for (const NetworkComparison& network : kind.networks) {
    const std::string where = network_of(point, network);
    text += fmt::format("\n  {}, {}\n{}", name, where, table_of(network.compared.differences));
    verdict += fmt::format("  {}{}: {}.\n", static_cast<char>(where.front() - 'a' + 'A'),
                           where.substr(1), verdict_of(network.compared.differences));
  }
  return text + pairs_of(kind) + verdict +
         fmt::format(
             "  No verdict on the setting: that takes {} replicas on each side, here are {} "
             "and {}.\n",
             kReplicasForVerdict, point.replicas_a, point.replicas_b);
}

class DiffCsv {
 public:
  explicit DiffCsv(FileWriter& file) : csv_(file, columns()) {}

  void write(const PointComparison& point) {
    for (const KindComparison& kind : point.kinds) {
      if (kind.setting) {
        const Row row{point, kind, "setting", nullptr, point.replicas_a, point.replicas_b};
        write(row, *kind.setting);
      }
      for (const NetworkComparison& network : kind.networks) {
        const Row row{point,
                      kind,
                      "network",
                      &network,
                      network.compared.operations_a,
                      network.compared.operations_b};
        write(row, network.compared.differences);
      }
    }
  }

 private:
  struct Row {
    const PointComparison& point;
    const KindComparison& kind;
    std::string_view of;
    const NetworkComparison* network;
    std::size_t n_a;
    std::size_t n_b;
  };

  static std::vector<std::string_view> columns() {
    return {"point", "op",  "figure", "unit", "of",         "replica_a", "replica_b", "paired",
            "n_a",   "n_b", "a",      "b",    "difference", "low",       "high"};
  }

  void write(const Row& row, const Differences& differences) {
    for (std::size_t i = 0; i < kFigures; ++i) {
      if (!differences[i]) continue;
      const FigureInfo& info = info_of(static_cast<Figure>(i));
      const Difference& of = *differences[i];
      csv_.text(row.point.name).text(name_of(row.kind.kind)).text(info.name).text(info.unit);
      csv_.text(row.of);
      if (row.network != nullptr) {
        csv_.integer(row.network->a->replica).integer(row.network->b->replica);
      } else {
        csv_.empty().empty();
      }
      csv_.integer(row.point.paired ? 1 : 0).integer(row.n_a).integer(row.n_b);
      csv_.real(of.a / info.scale).real(of.b / info.scale).real(of.difference / info.scale);
      if (of.interval) {
        csv_.real(of.interval->low / info.scale).real(of.interval->high / info.scale);
      } else {
        csv_.empty().empty();
      }
      csv_.end_row();
    }
  }

  CsvWriter csv_;
};

}  // namespace

std::string format_diff(const PointComparison& point) {
  std::string text = point.name.empty() ? "" : fmt::format("\npoint {}\n", point.name);
  text += changes_of(point) + pairing_of(point);
  for (const KindComparison& kind : point.kinds) text += kind_of(point, kind);
  return text;
}

void write_diff_csv(const std::filesystem::path& file, const std::vector<PointComparison>& points) {
  PartFile part(file);
  DiffCsv csv(part.writer());
  for (const PointComparison& point : points) csv.write(point);
  part.rename();
}

}  // namespace kadsim::tools

#include "sim/sweep/many_report.hpp"

#include "sim/measure/decimal.hpp"
#include "sim/results/text_table.hpp"
#include "sim/sweep/point_figures.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace kadsim {
namespace {

// The last two parts of a path, unless another axis ends with the same.
std::string short_name(const std::string& key, const std::vector<std::string>& all) {
  const auto tail = [](const std::string& path) {
    const auto last = path.rfind('.');
    const auto before = last == std::string::npos || last == 0 ? last : path.rfind('.', last - 1);
    return before == std::string::npos ? path : path.substr(before + 1);
  };
  const auto alike = std::ranges::count_if(
      all, [&](const std::string& other) { return tail(other) == tail(key); });
  return alike > 1 ? key : tail(key);
}

std::string milliseconds(std::int64_t ns) {
  return format_ratio(static_cast<Wide>(ns), 1'000'000, 1).str();
}

std::string per_cent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : format_ratio(static_cast<Wide>(part) * 100, whole, 1).str() + " %";
}

// By how many per cent `now` is less than `before`.
std::string gain(std::int64_t now, std::int64_t before) {
  if (before <= 0) return "-";
  const std::int64_t less = before - now;
  const auto size = static_cast<std::uint64_t>(less < 0 ? -less : less);
  const std::string text = per_cent(size, static_cast<std::uint64_t>(before));
  return less < 0 && text != "0.0 %" ? "-" + text : text;
}

class Report {
 public:
  Report(const RunPlan& plan, const ManyRunsResult& result) : plan_(plan), result_(result) {}

  std::string table(std::size_t kind) {
    using Align = TextTable::Align;
    std::vector<TextTable::Column> columns;
    for (const std::string& axis : plan_.axes) {
      const bool first = columns.empty();
      columns.push_back(
          {(first ? "  " : "") + (axis == "points" ? "point" : short_name(axis, plan_.axes)),
           Align::kLeft});
    }
    if (plan_.axes.empty()) columns.push_back({"  ", Align::kLeft});
    for (const char* title : {"operations", "success", "RPCs", "p50 ms", "p99 ms"}) {
      columns.push_back({title});
    }
    if (with_recall(kind)) columns.push_back({"heard"});
    if (compared()) {
      columns.push_back({"gain p50"});
      columns.push_back({"gain p99"});
    }
    TextTable table(columns);
    for (std::size_t point = 0; point < plan_.points.size(); ++point) {
      table.row(row(kind, point));
    }
    return table.str();
  }

  [[nodiscard]] bool has(std::size_t kind) const {
    return std::ranges::any_of(result_.points, [kind](const PointFigures& figures) {
      return figures[kind].operations > 0;
    });
  }
  [[nodiscard]] bool compared() const { return plan_.last_axis > 1; }

 private:
  [[nodiscard]] bool with_recall(std::size_t kind) const {
    return std::ranges::any_of(
        result_.points, [kind](const PointFigures& figures) { return figures[kind].closest > 0; });
  }

  std::vector<std::string> row(std::size_t kind, std::size_t number) const {
    std::vector<std::string> cells = labels(number);
    const KindFigures& of = result_.points[number][kind];
    const auto recall = [&of] {
      return of.closest == 0 ? "-" : format_ratio(of.heard, of.closest, 3).str();
    };
    if (of.finished == 0) {
      cells.insert(cells.end(),
                   {format_grouped(of.operations), per_cent(0, of.operations), "-", "-", "-"});
    } else {
      cells.insert(cells.end(),
                   {format_grouped(of.operations), per_cent(of.successful, of.operations),
                    format_ratio(of.rpcs, of.finished, 2).str(), milliseconds(of.p50_ns),
                    milliseconds(of.p99_ns)});
    }
    if (with_recall(kind)) cells.push_back(recall());
    if (compared()) add_gains(kind, number, cells);
    return cells;
  }

  void add_gains(std::size_t kind, std::size_t number, std::vector<std::string>& cells) const {
    const std::size_t baseline = plan_.points[number].baseline;
    const KindFigures& of = result_.points[number][kind];
    const KindFigures& before = result_.points[baseline][kind];
    const bool told = number != baseline && of.finished > 0 && before.finished > 0;
    cells.push_back(told ? gain(of.p50_ns, before.p50_ns) : "-");
    cells.push_back(told ? gain(of.p99_ns, before.p99_ns) : "-");
  }

  // A label that is the same as in the row above is left out, except on the last axis.
  [[nodiscard]] std::vector<std::string> labels(std::size_t number) const {
    std::vector<std::string> cells = plan_.points[number].labels;
    if (cells.empty()) return {"  all replicas"};
    bool same = number > 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      same = same && i + 1 < cells.size() && cells[i] == plan_.points[number - 1].labels[i];
      if (same) cells[i].clear();
    }
    cells.front().insert(0, "  ");
    return cells;
  }

  const RunPlan& plan_;
  const ManyRunsResult& result_;
};

std::string counted(std::size_t count, const std::string& what) {
  return fmt::format("{} {}{}", format_grouped(count), what, count == 1 ? "" : "s");
}

// The setting that gains refer to. An axis of named points is not named itself.
std::string baseline(const RunPlan& plan) {
  const std::string& first = plan.points.front().labels.back();
  return plan.axes.back() == "points" ? first : plan.axes.back() + " " + first;
}

}  // namespace

std::string format_many_report(const RunPlan& plan, const ManyRunsResult& result,
                               const RunTiming& timing, std::size_t side_by_side) {
  std::string text = fmt::format("{}\n", plan.name.empty() ? "kadsim run" : plan.name);
  text += fmt::format("  {} of {}: {}\n", counted(plan.points.size(), "point"),
                      counted(plan.replicas, "replica"), counted(plan.runs(), "run"));
  Report report(plan, result);
  for (std::size_t kind = 0; kind < kOperationKinds.size(); ++kind) {
    if (!report.has(kind)) continue;
    text += fmt::format("\n  {}s\n{}", name_of(kOperationKinds[kind]), report.table(kind));
  }
  text += fmt::format(
      "\n  Over all operations of all replicas of a point: RPCs is a mean, p50 and "
      "p99 are latencies{}.\n",
      report.compared() ? ",\n  gain is by how much they are shorter than with " + baseline(plan)
                        : "");
  text += fmt::format("  {} events in {:.2f} s, {}\n  fingerprint {}\n",
                      format_grouped(result.events), timing.wall_seconds,
                      side_by_side == 1 ? "one run after the other"
                                        : counted(side_by_side, "run") + " side by side",
                      result.total().hex());
  return text;
}

}  // namespace kadsim

#include "sim/measure/run_comparison.hpp"

#include "core/base/assert.hpp"
#include "core/base/wide.hpp"

#include <algorithm>
#include <utility>

namespace kadsim {
namespace {

constexpr std::int64_t kMillion = 1'000'000;
constexpr std::array kQuantiles = {Quantile{50, 100}, Quantile{99, 100}};

using Values = std::vector<std::int64_t>;

std::size_t index_of(Figure figure) { return static_cast<std::size_t>(figure); }

// The values of operations, a vector for each column. Of pairs, value i of A and of B belong
// together.
struct Columns {
  Values latency;
  Values rpcs;
  Values recall;  // only of operations that have one
  Values success;

  void add(const OperationSample& operation) {
    latency.push_back(operation.latency_ns);
    rpcs.push_back(operation.rpcs * kMillion);
    success.push_back(operation.successful ? kMillion : 0);
  }
};

bool counts(const OperationSample& operation, OperationKind kind) {
  return operation.kind == kind && operation.measured;
}

Columns columns_of(std::span<const OperationSample> run, OperationKind kind) {
  Columns columns;
  for (const OperationSample& operation : run) {
    if (!counts(operation, kind) || !operation.finished) continue;
    columns.add(operation);
    if (operation.recall >= 0) columns.recall.push_back(operation.recall);
  }
  return columns;
}

std::size_t cut_off(std::span<const OperationSample> run, OperationKind kind) {
  return static_cast<std::size_t>(std::ranges::count_if(run, [kind](const auto& operation) {
    return counts(operation, kind) && !operation.finished;
  }));
}

void compare_columns(const Columns& a, const Columns& b, bool paired, Differences& to) {
  const auto means = paired ? paired_means : unpaired_means;
  to[index_of(Figure::kMeanLatency)] = means(a.latency, b.latency);
  const auto quantiles =
      (paired ? paired_quantiles : unpaired_quantiles)(a.latency, b.latency, kQuantiles);
  to[index_of(Figure::kP50Latency)] = quantiles[0];
  to[index_of(Figure::kP99Latency)] = quantiles[1];
  to[index_of(Figure::kRpcs)] = means(a.rpcs, b.rpcs);
  to[index_of(Figure::kSuccess)] = means(a.success, b.success);
  if (!a.recall.empty() && !b.recall.empty()) {
    to[index_of(Figure::kRecall)] = means(a.recall, b.recall);
  }
}

struct Compared {
  Columns a;
  Columns b;
  RunComparison result;

  void count() {
    result.operations_a = a.latency.size();
    result.operations_b = b.latency.size();
  }
};

Compared matched(std::span<const OperationSample> a, std::span<const OperationSample> b,
                 OperationKind kind) {
  KADSIM_ASSERT(a.size() == b.size(), "paired runs have the same operations");
  Compared pairs;
  RunComparison& result = pairs.result;
  for (std::size_t i = 0; i < a.size(); ++i) {
    KADSIM_ASSERT(a[i].kind == b[i].kind, "paired operations are of one kind");
    if (!counts(a[i], kind) || !counts(b[i], kind)) continue;
    if (!a[i].finished || !b[i].finished) {
      ++result.left_out;
      continue;
    }
    pairs.a.add(a[i]);
    pairs.b.add(b[i]);
    if (a[i].recall >= 0 && b[i].recall >= 0) {
      pairs.a.recall.push_back(a[i].recall);
      pairs.b.recall.push_back(b[i].recall);
    }
    const std::int64_t difference = b[i].latency_ns - a[i].latency_ns;
    ++(difference < 0 ? result.faster : difference > 0 ? result.slower : result.equal);
  }
  pairs.count();
  result.correlation = correlation(pairs.a.latency, pairs.b.latency);
  return pairs;
}

Compared unmatched(std::span<const OperationSample> a, std::span<const OperationSample> b,
                   OperationKind kind) {
  Compared both{columns_of(a, kind), columns_of(b, kind), {}};
  both.count();
  both.result.left_out = cut_off(a, kind) + cut_off(b, kind);
  return both;
}

// The mean, rounded to the nearest, halves up.
std::int64_t mean_of(const Values& values) {
  SignedWide sum = 0;
  for (const std::int64_t value : values) sum += value;
  const auto n = static_cast<SignedWide>(values.size());
  return static_cast<std::int64_t>((2 * sum + n) / (2 * n));
}

}  // namespace

const FigureInfo& info_of(Figure figure) {
  static constexpr std::array<FigureInfo, kFigures> kInfos = {{
      {"latency mean", "ms", 1e6, 1},
      {"latency p50", "ms", 1e6, 1},
      {"latency p99", "ms", 1e6, 1},
      {"RPCs", "", 1e6, 2},
      {"recall heard", "", 1e6, 4},
      {"success", "%", 1e4, 2},
  }};
  return kInfos.at(index_of(figure));
}

RunComparison match_runs(std::span<const OperationSample> a, std::span<const OperationSample> b,
                         OperationKind kind) {
  return matched(a, b, kind).result;
}

RunComparison compare_runs(std::span<const OperationSample> a, std::span<const OperationSample> b,
                           OperationKind kind, bool paired) {
  Compared compared = paired ? matched(a, b, kind) : unmatched(a, b, kind);
  RunComparison& result = compared.result;
  if (!result.empty()) compare_columns(compared.a, compared.b, paired, result.differences);
  return std::move(result);
}

RunFigures figures_of_run(std::span<const OperationSample> run, OperationKind kind) {
  const Columns columns = columns_of(run, kind);
  RunFigures figures;
  if (columns.latency.empty()) return figures;
  figures[index_of(Figure::kMeanLatency)] = mean_of(columns.latency);
  figures[index_of(Figure::kP50Latency)] = quantile_of(columns.latency, kQuantiles[0]);
  figures[index_of(Figure::kP99Latency)] = quantile_of(columns.latency, kQuantiles[1]);
  figures[index_of(Figure::kRpcs)] = mean_of(columns.rpcs);
  figures[index_of(Figure::kSuccess)] = mean_of(columns.success);
  if (!columns.recall.empty()) figures[index_of(Figure::kRecall)] = mean_of(columns.recall);
  return figures;
}

Differences compare_replicas(std::span<const RunFigures> a, std::span<const RunFigures> b,
                             bool paired) {
  KADSIM_ASSERT(!paired || a.size() == b.size(), "paired replicas have a partner each");
  Differences differences;
  for (std::size_t figure = 0; figure < kFigures; ++figure) {
    Values of_a;
    Values of_b;
    for (std::size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
      const bool in_a = i < a.size() && a[i][figure].has_value();
      const bool in_b = i < b.size() && b[i][figure].has_value();
      if (paired && !(in_a && in_b)) continue;
      if (in_a) of_a.push_back(*a[i][figure]);
      if (in_b) of_b.push_back(*b[i][figure]);
    }
    if (of_a.empty() || of_b.empty()) continue;
    differences[figure] = paired ? paired_means(of_a, of_b) : unpaired_means(of_a, of_b);
  }
  return differences;
}

}  // namespace kadsim

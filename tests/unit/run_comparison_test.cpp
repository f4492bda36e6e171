#include "sim/measure/run_comparison.hpp"

#include "tests/catch.hpp"

#include <cmath>
#include <vector>

using namespace kadsim;

namespace {

constexpr std::int64_t kMs = 1'000'000;

OperationSample lookup(std::int64_t latency_ms, std::uint32_t rpcs = 10,
                       std::int32_t recall = 500'000) {
  return {.kind = OperationKind::kLookup,
          .measured = true,
          .finished = true,
          .successful = true,
          .rpcs = rpcs,
          .latency_ns = latency_ms * kMs,
          .recall = recall};
}

const Difference& of(const Differences& differences, Figure figure) {
  const auto& difference = differences.at(static_cast<std::size_t>(figure));
  REQUIRE(difference.has_value());
  return *difference;
}

}  // namespace

TEST_CASE("operations are compared pair by pair, those cut off in either run left out",
          "[run_comparison]") {
  std::vector<OperationSample> a{lookup(100), lookup(200), lookup(300), lookup(400), lookup(1)};
  std::vector<OperationSample> b{lookup(90, 12), lookup(200, 12), lookup(330, 12), lookup(1),
                                 lookup(2)};
  b[3].finished = false;
  a[4].measured = b[4].measured = false;
  a[1].recall = -1;
  b[2].successful = false;
  b[0].recall = 750'000;
  const RunComparison compared = compare_runs(a, b, OperationKind::kLookup, true);
  CHECK(compared.operations_a == 3);
  CHECK(compared.operations_b == 3);
  CHECK(compared.left_out == 1);
  CHECK(compared.faster == 1);
  CHECK(compared.slower == 1);
  CHECK(compared.equal == 1);
  const Difference& mean = of(compared.differences, Figure::kMeanLatency);
  CHECK(mean.a == Approx(200 * kMs));
  CHECK(mean.difference == Approx(20.0 / 3 * kMs));
  // Differences -10, 0, 30: standard deviation 20.8167, t of 2 degrees 4.30265.
  CHECK(mean.interval->low == Approx((20.0 / 3 - 4.302653 * 20.81666 / 1.7320508) * kMs));
  CHECK(of(compared.differences, Figure::kRpcs).difference == Approx(2'000'000));
  // Over the pairs in which both have a recall: 0.75 and 0.5 against 0.5 and 0.5.
  CHECK(of(compared.differences, Figure::kRecall).difference == Approx(125'000));
  CHECK(of(compared.differences, Figure::kSuccess).difference == Approx(-1'000'000.0 / 3));
  CHECK(*compared.correlation == Approx(24000 / std::sqrt(20000.0 * 86600 / 3)));
}

TEST_CASE("without pairs every finished operation counts and nothing is told of pairs",
          "[run_comparison]") {
  const std::vector<OperationSample> a{lookup(100), lookup(200)};
  std::vector<OperationSample> b{lookup(300), lookup(100), lookup(500)};
  b[2].finished = false;
  const RunComparison compared = compare_runs(a, b, OperationKind::kLookup, false);
  CHECK(compared.operations_a == 2);
  CHECK(compared.operations_b == 2);
  CHECK(compared.left_out == 1);
  CHECK(of(compared.differences, Figure::kMeanLatency).difference == Approx(50 * kMs));
  CHECK_FALSE(compared.correlation.has_value());
  CHECK(compared.faster + compared.slower + compared.equal == 0);
  CHECK(compare_runs(a, b, OperationKind::kProvide, false).empty());
}

TEST_CASE("the figures of a run are exact and rounded to the nearest", "[run_comparison]") {
  const std::vector<OperationSample> run{lookup(1, 1, 333'333), lookup(2, 1, -1), lookup(4, 2, 0)};
  const RunFigures figures = figures_of_run(run, OperationKind::kLookup);
  CHECK(figures[0] == 2'333'333);
  CHECK(figures[1] == 2 * kMs);
  CHECK(figures[2] == 4 * kMs);
  CHECK(figures[3] == 1'333'333);
  CHECK(figures[4] == 166'667);
  CHECK(figures[5] == 1'000'000);
  CHECK_FALSE(figures_of_run(run, OperationKind::kRetrieve)[0].has_value());
}

TEST_CASE("replicas are one value each", "[run_comparison]") {
  std::vector<RunFigures> a(5);
  std::vector<RunFigures> b(5);
  for (std::size_t i = 0; i < 5; ++i) {
    a[i][0] = static_cast<std::int64_t>(1000 * i);
    b[i][0] = *a[i][0] + 100 + static_cast<std::int64_t>(i);  // networks differ more than settings
  }
  const auto paired = compare_replicas(a, b, true);
  CHECK(paired[0]->difference == Approx(102));
  // 100 to 104: standard deviation 1.5811, t of 4 degrees 2.7764.
  CHECK(paired[0]->interval->low == Approx(102 - 2.776445 * 1.581139 / 2.236068));
  CHECK_FALSE(paired[1].has_value());
  CHECK(compare_replicas(a, b, false)[0]->interval->low < -2000);
  b.pop_back();
  CHECK(compare_replicas(a, b, false)[0].has_value());
}

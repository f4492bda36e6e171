// How much memory a run takes, told before it starts.

#include "sim/run/memory_estimate.hpp"
#include "sim/run/simulation.hpp"
#include "sim/sweep/many_runs.hpp"
#include "tests/catch.hpp"
#include "tests/unit/counted_memory.hpp"

#include <cmath>

using namespace kadsim;

namespace {

struct Size {
  std::uint64_t nodes;
  unsigned k;
  TableStorage storage;
  std::uint64_t lookups;
  std::uint32_t in_flight;
  unsigned alpha = 3;
  unsigned answers = 20;
};

Scenario scenario_of(const Size& size) {
  Scenario scenario;
  scenario.network.nodes = size.nodes;
  scenario.network.storage = size.storage;
  scenario.client.lookup.k = size.k;
  scenario.client.lookup.alpha = size.alpha;
  scenario.client.answers = size.answers;
  scenario.client.dial = DialPolicy::kNever;
  scenario.network.link.delay = delay::Constant{Duration::seconds(1)};
  WorkloadEntry entry;
  entry.name = "lookup";
  entry.count = size.lookups;
  entry.arrival = ClosedLoop{size.in_flight};
  scenario.workload = {entry};
  return scenario;
}

}  // namespace

TEST_CASE("the estimate is within a quarter of what a run allocates", "[memory]") {
  const auto size = GENERATE(Size{100'000, 20, TableStorage::kPrecomputed, 100, 100},
                             Size{100'000, 8, TableStorage::kPrecomputed, 100, 100},
                             Size{30'000, 100, TableStorage::kPrecomputed, 100, 100},
                             Size{400'000, 20, TableStorage::kDerived, 100, 100},
                             Size{1000, 20, TableStorage::kPrecomputed, 60'000, 10},
                             Size{20'000, 20, TableStorage::kPrecomputed, 1000, 1000},
                             Size{1000, 20, TableStorage::kPrecomputed, 2000, 2000, 10},
                             Size{1000, 20, TableStorage::kPrecomputed, 500, 500, 100, 1000});
  const Scenario scenario = scenario_of(size);
  const MemoryEstimate estimate = estimate_memory(scenario, size.storage);
  const auto expected = static_cast<double>(estimate.peak() - estimate.program);
  restart_peak();
  const std::uint64_t before = counted_memory().live_bytes;
  run_simulation(scenario);
  const auto peak = static_cast<double>(counted_memory().peak_bytes - before);
  CAPTURE(size.nodes, size.k, size.lookups, size.alpha, size.answers, expected, peak);
  CHECK(expected < 1.25 * peak);
  CHECK(expected > 0.8 * peak);
}

TEST_CASE("the estimate counts groups, and how their clients differ", "[memory]") {
  Scenario scenario = scenario_of({1000, 20, TableStorage::kPrecomputed, 500, 500, 1, 1});
  const auto expected = [&scenario] {
    const MemoryEstimate estimate = estimate_memory(scenario, TableStorage::kPrecomputed);
    return estimate.peak() - estimate.program;
  };
  const std::uint64_t without = expected();
  std::vector<GroupOptions>& groups = scenario.network.groups;
  SECTION("figures of many groups") {
    for (int i = 0; i < 50; ++i) {
      groups.push_back({.name = "group-" + std::to_string(i), .size = group_size::Count{10}});
    }
  }
  SECTION("a group whose operations and answers are large") {
    groups.push_back({.name = "large", .size = group_size::Share{Probability(1, 2)}});
    groups[0].client = scenario.client;
    groups[0].client->lookup.alpha = 100;
    groups[0].client->answers = 1000;
  }
  SECTION("operations that all start in a large group") {
    groups.push_back({.name = "large", .size = group_size::Count{10}});
    scenario.client.answers = 1000;
    groups[0].client = scenario.client;
    groups[0].client->lookup.alpha = 100;
    scenario.workload[0].origin = origins::Group{"large"};
  }
  CHECK(expected() > without + without / 2);
  restart_peak();
  const std::uint64_t before = counted_memory().live_bytes;
  run_simulation(scenario);
  const auto peak = static_cast<double>(counted_memory().peak_bytes - before);
  CAPTURE(expected(), peak);
  CHECK(static_cast<double>(expected()) < 1.25 * peak);
  CHECK(static_cast<double>(expected()) > 0.8 * peak);
}

TEST_CASE("a group without nodes adds nothing to what operations take", "[memory]") {
  Scenario scenario = scenario_of({1000, 20, TableStorage::kPrecomputed, 500, 500, 1, 1});
  const auto operations = [&scenario] {
    return estimate_memory(scenario, TableStorage::kPrecomputed).operations;
  };
  std::vector<GroupOptions>& groups = scenario.network.groups;
  groups.push_back({.name = "all", .size = group_size::Share{Probability(1, 1)}});
  const std::uint64_t with_one = operations();
  groups.push_back({.name = "empty"});
  groups[1].client = scenario.client;
  groups[1].client->answers = 1000;
  CHECK(operations() == with_one);
}

TEST_CASE("the expected size of a table is the theory's", "[memory]") {
  // As in the fidelity test of tables, R2.
  CHECK(expected_contacts(1'000, 8) == Approx(62.6).epsilon(0.002));
  CHECK(expected_contacts(100'000, 20) == Approx(263.9).epsilon(0.002));
  CHECK(expected_contacts(1'000'000, 20) == Approx(330.2).epsilon(0.002));
  CHECK(expected_contacts(1, 20) == 0);
}

TEST_CASE("auto derives tables where building them would take half of the memory", "[memory]") {
  Scenario scenario = scenario_of({2'000, 20, TableStorage::kAuto, 50, 10});
  const std::uint64_t built = estimate_memory(scenario, TableStorage::kPrecomputed).peak();
  CHECK(settled_storage(scenario, 2 * built) == TableStorage::kPrecomputed);
  CHECK(settled_storage(scenario, 2 * built - 2) == TableStorage::kDerived);
  CHECK(settled_storage(scenario, 0) == TableStorage::kPrecomputed);

  RunHooks small_machine;
  small_machine.machine_bytes = built;
  const RunResult derived = run_simulation(scenario, small_machine);
  const RunResult precomputed = run_simulation(scenario);
  CHECK(derived.storage == TableStorage::kDerived);
  CHECK(precomputed.storage == TableStorage::kPrecomputed);
  CHECK(derived.fingerprint.total().hex() == precomputed.fingerprint.total().hex());

  scenario.network.storage = TableStorage::kPrecomputed;
  CHECK(settled_storage(scenario, 1) == TableStorage::kPrecomputed);
}

TEST_CASE("as many runs play side by side as fit, the largest counted for each", "[memory]") {
  RunPlan plan;
  plan.replicas = 5;
  plan.points.resize(2);
  plan.points[0].scenario = scenario_of({2'000, 20, TableStorage::kPrecomputed, 50, 10});
  plan.points[1].scenario = scenario_of({40'000, 20, TableStorage::kPrecomputed, 50, 10});
  const MemoryEstimate large = estimate_memory(plan.points[1].scenario, TableStorage::kPrecomputed);
  const std::uint64_t each = large.peak() - large.program;
  CHECK(runs_side_by_side(plan, 8, large.program + 3 * each) == 3);
  CHECK(runs_side_by_side(plan, 8, large.program + 3 * each - 1) == 2);
  CHECK(runs_side_by_side(plan, 8, 1) == 1);
  CHECK(runs_side_by_side(plan, 8, 0) == 8);
  CHECK(runs_side_by_side(plan, 64, 0) == 10);
}

#include "sim/run/world_hash.hpp"

#include "sim/run/simulation.hpp"
#include "sim/scenario/decode.hpp"
#include "tests/catch.hpp"

#include <array>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

using namespace kadsim;

namespace {

constexpr const char* kScenario = R"({"version": 1, "network": {"nodes": 200, "link": {"delay":
    {"model": "uniform"}}}, "client": {"k": 4},
    "workload": [{"op": "lookup", "count": 20}, {"op": "provide", "count": 3}]})";

RunResult run_with(const std::vector<std::string>& overrides) {
  return run_simulation(decode_scenario(kScenario, "s.json", overrides));
}

}  // namespace

TEST_CASE("a hash of content is the XXH3-128 of its bytes", "[world_hash]") {
  CHECK(ContentHasher().finish().hex() == "99aa06d3014798d86001c324468d497f");  // of nothing
  // The same numbers in other pieces are the same content.
  const std::array<std::uint32_t, 4> numbers{1, 0, 2, 0};
  ContentHasher narrow;
  narrow.add(numbers);
  ContentHasher wide;
  wide.add(1);
  wide.add(2);
  CHECK(narrow.finish() == wide.finish());
}

TEST_CASE(
    "world and workload do not depend on where tables are kept, on links, or on how nodes ask",
    "[world_hash]") {
  const RunResult plain = run_with({});
  for (const std::vector<std::string>& same :
       std::vector<std::vector<std::string>>{{"network.tables.storage=derived"},
                                             {"network.link.slow_errors.rate=0.3"},
                                             {"network.link.delay.model=planetlab"},
                                             {"client.alpha=7", "client.lookup.strategy=py-dht"},
                                             {"client.table_updates=learn"},
                                             {"stop.at=1ms"},
                                             {"workload.0.in_flight=3"}}) {
    INFO(same.front());
    const RunResult other = run_with(same);
    CHECK(other.world == plain.world);
    CHECK(other.workload == plain.workload);
  }
}

TEST_CASE("another network is another world", "[world_hash]") {
  std::set<std::string> worlds{run_with({}).world.hex()};
  for (const char* other : {"seed=2", "replica=1", "network.nodes=201", "client.k=5",
                            "network.tables.fill=closest", "network.tables.fill=balanced"}) {
    INFO(other);
    CHECK(worlds.insert(run_with({other}).world.hex()).second);
  }
}

TEST_CASE("other operations are another workload", "[world_hash]") {
  std::set<std::string> workloads{run_with({}).workload.hex()};
  for (const char* other : {"seed=2", "workload.0.count=21", "workload.0.name=x",
                            "network.unreachable=0.5", "workload.1.op=lookup"}) {
    INFO(other);
    CHECK(workloads.insert(run_with({other}).workload.hex()).second);
  }
}

TEST_CASE("one origin, target or kind more or less is seen", "[world_hash]") {
  std::vector<OperationRow> rows(3);
  const ContentHash before = hash_of_workload(rows);
  const auto changed = [&](auto change) {
    std::vector<OperationRow> other = rows;
    change(other[2]);
    return hash_of_workload(other) != before;
  };
  CHECK(changed([](OperationRow& row) { row.origin = 1; }));
  CHECK(changed([](OperationRow& row) { row.target = Hash::of_name("x"); }));
  CHECK(changed([](OperationRow& row) { row.kind = OperationKind::kProvide; }));
  CHECK_FALSE(changed([](OperationRow& row) { row.rpcs = 5; }));
  rows.emplace_back();
  CHECK(hash_of_workload(rows) != before);
}

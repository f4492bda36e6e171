// Groups of nodes: their sizes, how they are drawn, and what follows from them.

#include "sim/world/node_groups.hpp"
#include "core/base/input_error.hpp"
#include "sim/run/simulation.hpp"
#include "sim/scenario/decode.hpp"
#include "sim/world/delay_source.hpp"
#include "sim/world/population.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

using namespace kadsim;

namespace {

constexpr std::uint64_t kSeed = 7;
constexpr std::uint32_t kReplica = 2;

GroupOptions counted(const std::string& name, std::uint64_t nodes) {
  return {.name = name, .size = group_size::Count{nodes}};
}
GroupOptions shared(const std::string& name, Probability share) {
  return {.name = name, .size = group_size::Share{share}};
}

NodeGroups drawn(const std::vector<GroupOptions>& groups, std::uint32_t nodes) {
  return {groups, nodes, kSeed, kReplica};
}

std::vector<std::size_t> sizes(const NodeGroups& groups, std::uint32_t nodes) {
  std::vector<std::size_t> sizes(groups.groups().size() + 1);
  for (std::uint32_t birth = 0; birth < nodes; ++birth) ++sizes[groups.of(birth)];
  return sizes;
}

Scenario scenario(const std::string& network, const std::string& origins = "\"uniform\"") {
  return decode_scenario(R"({"version": 1, "network": {"nodes": 300)" + network +
                             R"(}, "workload": [{"op": "lookup", "count": 60, "origins": )" +
                             origins + "}]}",
                         "s.json");
}

}  // namespace

TEST_CASE("groups have exactly the sizes that are asked for", "[groups]") {
  const NodeGroups groups =
      drawn({counted("a", 100), shared("b", Probability(1, 3)), counted("none", 0)}, 1000);
  CHECK(sizes(groups, 1000) == std::vector<std::size_t>{100, 333, 0, 567});
  CHECK(sizes(drawn({shared("all", Probability(1, 1))}, 1000), 1000) ==
        std::vector<std::size_t>{1000, 0});
  CHECK(groups.index("b") == 1);
}

TEST_CASE("every node is as likely to be in a group as any other", "[groups]") {
  const NodeGroups groups = drawn({counted("a", 5000)}, 10'000);
  std::size_t early = 0;
  for (std::uint32_t birth = 0; birth < 5000; ++birth) early += groups.of(birth) == 0 ? 1 : 0;
  CHECK(early > 2350);  // 2500, standard deviation 25
  CHECK(early < 2650);
}

TEST_CASE("a group that is added behind the others moves none of their nodes", "[groups]") {
  const NodeGroups one = drawn({counted("a", 300)}, 1000);
  const NodeGroups two = drawn({counted("a", 300), counted("b", 200)}, 1000);
  for (std::uint32_t birth = 0; birth < 1000; ++birth) {
    CHECK((one.of(birth) == 0) == (two.of(birth) == 0));
  }
}

TEST_CASE("a group of chosen identities has exactly their nodes", "[groups]") {
  IdentityOptions identities;
  identities.hashes = random_hashes(1, 4);
  identities.prefixes = {{Hash(), 8, 3}, {Hash::of_name("x"), 8, 2}};
  const auto chosen = [](const std::string& name, auto which) {
    return GroupOptions{.name = name, .size = group_size::Chosen{which}};
  };
  const auto groups = [&](const std::vector<GroupOptions>& asked) {
    return NodeGroups(asked, 100, kSeed, kReplica, identities);
  };
  const auto births = [](const NodeGroups& of, std::size_t group) {
    std::vector<std::uint32_t> found;
    for (std::uint32_t birth = 0; birth < 100; ++birth) {
      if (of.of(birth) == group) found.push_back(birth);
    }
    return found;
  };
  const NodeGroups each =
      groups({counted("drawn", 20), chosen("file", group_size::OfFile{}),
              chosen("second", group_size::NearKey{1}), chosen("first", group_size::NearKey{0})});
  CHECK(births(each, 1) == std::vector<std::uint32_t>{0, 1, 2, 3});
  CHECK(births(each, 2) == std::vector<std::uint32_t>{7, 8});
  CHECK(births(each, 3) == std::vector<std::uint32_t>{4, 5, 6});
  CHECK(sizes(each, 100) == std::vector<std::size_t>{20, 4, 2, 3, 71});

  const NodeGroups all = groups({chosen("all", group_size::AllChosen{}), counted("rest", 91)});
  CHECK(births(all, 0) == std::vector<std::uint32_t>{0, 1, 2, 3, 4, 5, 6, 7, 8});
  CHECK(births(all, 1).front() == 9);
  CHECK(sizes(all, 100) == std::vector<std::size_t>{9, 91, 0});

  CHECK_THROWS_MATCHES(
      groups({counted("most", 95), counted("none", 0), chosen("all", group_size::AllChosen{})}),
      InputError,
      Catch::Matchers::Message(
          "network.groups.2.identities: that is 9 nodes, but the groups before "
          "it leave 5 of 100 (want at most 5 nodes)"));
}

TEST_CASE("the others are drawn among the nodes that are not chosen", "[groups]") {
  IdentityOptions identities;
  identities.prefixes = {{Hash(), 4, 2000}};
  const GroupOptions near{.name = "near", .size = group_size::Chosen{group_size::NearKey{0}}};
  const NodeGroups groups({near, counted("a", 4000)}, 10'000, kSeed, kReplica, identities);
  std::size_t early = 0;
  for (std::uint32_t birth = 2000; birth < 6000; ++birth) early += groups.of(birth) == 1 ? 1 : 0;
  CHECK(early > 1880);  // 2000, standard deviation 22
  CHECK(early < 2120);
}

TEST_CASE("sybils near a key are a group, and play as one", "[groups]") {
  const Scenario attack = scenario(
      R"(, "identities": {"near": [{"key": "victim", "bits": 16, "count": 20}]},
           "groups": [{"name": "sybils", "identities": {"near": 0}, "unreachable": 1}])");
  const RunResult result = run_simulation(attack);
  for (std::uint32_t birth = 0; birth < 300; ++birth) {
    CHECK((result.groups.name_of(birth) == "sybils") == (birth < 20));
  }
  CHECK(result.network.reachable_nodes == 280);
}

TEST_CASE("a node that joins is in no group, and without groups every node is in none",
          "[groups]") {
  const NodeGroups groups = drawn({shared("all", Probability(1, 1))}, 10);
  CHECK(groups.name_of(9) == "all");
  CHECK(groups.name_of(10).empty());
  CHECK_FALSE(NodeGroups().any());
  CHECK(NodeGroups().name_of(0).empty());
}

TEST_CASE("a group may have a probability of its own, with the same draw", "[groups]") {
  const auto population = [](Probability all, std::optional<Probability> of_group) {
    GroupOptions group = counted("a", 400);
    group.unreachable = of_group;
    return Population(1000, kSeed, kReplica, all, nullptr, {}, drawn({group}, 1000));
  };
  const Population half = population(Probability(1, 2), std::nullopt);
  const Population mixed = population(Probability(), Probability(1, 2));
  std::uint32_t unreachable = 0;
  for (std::uint32_t birth = 0; birth < 1000; ++birth) {
    const bool in_group = mixed.groups().of(birth) == 0;
    const bool answers = mixed.reachable(mixed.born(birth));
    CHECK(answers == (!in_group || half.reachable(half.born(birth))));
    unreachable += answers ? 0 : 1;
  }
  CHECK(unreachable > 150);
  CHECK(mixed.reachable_count() == 1000 - unreachable);
}

TEST_CASE("groups that differ in nothing change no outcome", "[groups]") {
  const RunResult plain = run_simulation(scenario(""));
  const RunResult grouped =
      run_simulation(scenario(R"(, "groups": [{"name": "a", "share": 0.5}])"));
  CHECK(grouped.fingerprint.total().hex() == plain.fingerprint.total().hex());
  CHECK(grouped.world.hex() == plain.world.hex());
  CHECK(plain.by_entry_and_group.empty());
  const auto& of_entry = grouped.by_entry_and_group.at(0);
  REQUIRE(of_entry.size() == 2);
  CHECK(of_entry.at(0).operations > 0);
  CHECK(of_entry.at(0).operations + of_entry.at(1).operations == 60);
}

TEST_CASE("an operation goes by the options of its origin's group", "[groups]") {
  const auto alpha = [](Scenario all, unsigned value) {
    all.client.lookup.alpha = value;
    return run_simulation(all);
  };
  const RunResult one = alpha(scenario(""), 1);
  const RunResult nine = alpha(scenario(""), 9);
  const RunResult mixed = run_simulation(scenario(
      R"(, "groups": [{"name": "a", "share": 0.5, "client": {"alpha": 1}},
                      {"name": "b", "share": 0.5, "client": {"alpha": 9}}])"));
  std::size_t tell_apart = 0;
  for (std::size_t i = 0; i < mixed.rows.size(); ++i) {
    const bool a = mixed.groups.name_of(mixed.rows[i].origin) == "a";
    const OperationRow& expected = (a ? one : nine).rows[i];
    CHECK(mixed.rows[i].origin == expected.origin);
    CHECK(mixed.rows[i].latency() == expected.latency());
    CHECK(mixed.rows[i].rpcs == expected.rpcs);
    if (one.rows[i].latency() != nine.rows[i].latency()) ++tell_apart;
  }
  CHECK(tell_apart > 40);
}

TEST_CASE("a node answers by the options of its group", "[groups]") {
  Scenario few = scenario("");
  few.client.answers = 3;
  const RunResult all = run_simulation(few);
  const RunResult group = run_simulation(
      scenario(R"(, "groups": [{"name": "a", "share": 1, "client": {"answers": 3}}])"));
  CHECK(group.fingerprint.total().hex() == all.fingerprint.total().hex());
  CHECK(group.fingerprint.total().hex() != run_simulation(scenario("")).fingerprint.total().hex());
}

TEST_CASE("a group may be in one region", "[groups]") {
  const std::string link =
      R"(, "link": {"delay": {"model": "regions", "names": ["x", "y"], "shares": [1, 0],
          "delays": [["10ms", "200ms"], ["200ms", "20ms"]]}})";
  const NetworkOptions network =
      scenario(link + R"(, "groups": [{"name": "a", "share": 0.5, "region": "y"}])").network;
  const NodeGroups groups = drawn(network.groups, 100);
  const auto source = make_delay_source(network.link.delay, kSeed, kReplica, &groups);
  for (std::uint32_t birth = 1; birth < 100; ++birth) {
    const bool here = groups.of(0) == 0;
    const bool there = groups.of(birth) == 0;
    const int expected = here != there ? 200 : here ? 20 : 10;
    CHECK(source->delay(0, birth, 0).whole() == Duration::milliseconds(expected));
  }
}

TEST_CASE("origins may be chosen from a group", "[groups]") {
  const RunResult result = run_simulation(scenario(
      R"(, "groups": [{"name": "a", "count": 20, "unreachable": 0.5}])", R"({"group": "a"})"));
  std::vector<bool> seen(300);
  for (const OperationRow& row : result.rows) {
    CHECK(result.groups.name_of(row.origin) == "a");
    seen[row.origin] = true;
  }
  CHECK(std::ranges::count(seen, true) > 3);
  CHECK(std::ranges::count(seen, true) < 20);
}

TEST_CASE("a group without a node that answers can't be origins", "[groups]") {
  const Scenario none = scenario(R"(, "groups": [{"name": "a", "count": 20, "unreachable": 1}])",
                                 R"({"group": "a"})");
  CHECK_THROWS_WITH(run_simulation(none),
                    "workload.0.origins.group: \"a\" has no node that is reachable (want a group "
                    "with more nodes, or with fewer unreachable ones)");
}

TEST_CASE("identities are chosen by a scenario", "[identities]") {
  const Scenario chosen =
      scenario(R"(, "identities": {"near": [{"key": "a", "bits": 20, "count": 3}]})");
  REQUIRE(chosen.network.identities.prefixes.size() == 1);
  CHECK(chosen.network.identities.prefixes[0].key == Hash::of_name("a"));
  CHECK(run_simulation(chosen).world.hex() != run_simulation(scenario("")).world.hex());
}

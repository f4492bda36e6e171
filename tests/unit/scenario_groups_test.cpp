// How a scenario says in what the clients of a group differ.

#include "sim/scenario/data_files.hpp"
#include "sim/scenario/decode.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/print.hpp"
#include "sim/scenario/run_plan.hpp"
#include "sim/scenario/schema.hpp"
#include "tests/catch.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using namespace kadsim;

namespace {

std::string text_of(const std::string& client, const std::string& of_group) {
  return fmt::format(R"({{"version": 1, "client": {},
      "network": {{"nodes": 10, "groups": [{{"name": "a", "count": 5, "client": {}}}]}},
      "workload": [{{"op": "lookup", "count": 1}}]}})",
                     client, of_group);
}

Scenario scenario(const std::string& client, const std::string& of_group,
                  const std::vector<std::string>& overrides = {}) {
  return decode_scenario(text_of(client, of_group), "s.json", overrides);
}

ClientOptions client_of_group(const Scenario& scenario) {
  return clients_by_group(scenario.network.groups, scenario.client).front();
}

std::string error(const std::string& client, const std::string& of_group) {
  try {
    static_cast<void>(scenario(client, of_group));
  } catch (const ScenarioError& problem) {
    return problem.what();
  }
  return "no error";
}

// The client of a group is what `client` is with the group's keys set in it.
std::string printed_client(const Scenario& scenario) {
  Scenario with = scenario;
  with.client = client_of_group(scenario);
  with.network.groups.clear();
  return print_scenario(with);
}

struct Case {
  std::string client;
  std::string of_group;
  std::string both;  // what `client` is with the keys of the group
};

const std::vector<Case> kCases = {
    {R"({})", R"({})", R"({})"},
    {R"({"alpha": 5, "answers": 7})", R"({"beta": 2})", R"({"alpha": 5, "answers": 7, "beta": 2})"},
    {R"({"k": 8})", R"({"answers": 9})", R"({"k": 8, "answers": 9})"},
    {R"({"alpha": 5, "lookup": {"timeout": "1s"}})", R"({"lookup": {"strategy": "go-libp2p"}})",
     R"({"alpha": 5, "lookup": {"strategy": "go-libp2p", "timeout": "1s"}})"},
    {R"({"lookup": {"strategy": "py-dht"}})", R"({"lookup": {"strategy": "go-libp2p"}})",
     R"({"lookup": {"strategy": "go-libp2p"}})"},
    // What goes with another strategy only stays behind.
    {R"({"lookup": {"strategy": "py-libp2p", "max_rounds": 3, "contact_timeout": "2s"}})",
     R"({"lookup": {"strategy": "rust-libp2p"}})",
     R"({"lookup": {"strategy": "rust-libp2p", "contact_timeout": "2s"}})"},
    {R"({"lookup": {"strategy": "py-libp2p", "max_rounds": 3}})",
     R"({"lookup": {"strategy": "py-libp2p-window"}})",
     R"({"lookup": {"strategy": "py-libp2p-window", "max_rounds": 3}})"},
    {R"({"resources": {"manager": {"limits": {"streams": 4}}, "on_limit": {"wait_for": "1s"}}})",
     R"({"resources": {"manager": null, "streams": {"inbound": 2}}})",
     R"({"resources": {"streams": {"inbound": 2}, "on_limit": {"wait_for": "1s"}}})"},
    {R"({"resources": {"manager": {"limits": {"streams": 4}}}})",
     R"({"resources": {"manager": {"service": 1}, "on_limit": "revoke"}})",
     R"({"resources": {"manager": {"limits": {"streams": 4}, "service": 1}, "on_limit": "revoke"}})"},
    {R"({"values": {"style": "py-libp2p", "query_timeout": "3s", "quorum": 2}})",
     R"({"values": {"style": "go-libp2p"}})", R"({"values": {"style": "go-libp2p", "quorum": 2}})"},
    {R"({"queries": {"concurrency": 2}, "table_updates": "learn", "records": {"max_records": 3}})",
     R"({"queries": {"timeout": "1s"}, "table_updates": "none", "rpc_timeout": "1s"})",
     R"({"queries": {"concurrency": 2, "timeout": "1s"}, "rpc_timeout": "1s",
         "records": {"max_records": 3}})"},
};

}  // namespace

TEST_CASE("a group's client is that of all, with the keys that the group gives", "[scenario]") {
  for (const Case& each : kCases) {
    CAPTURE(each.client, each.of_group);
    CHECK(printed_client(scenario(each.client, each.of_group)) ==
          printed_client(scenario(each.both, "{}")));
  }
}

TEST_CASE("a printed scenario with groups decodes to itself, byte for byte", "[scenario]") {
  for (const Case& each : kCases) {
    const Scenario given = scenario(each.client, each.of_group);
    const std::string once = print_scenario(given);
    INFO(once);
    const Scenario again = decode_scenario(once, "g");
    CHECK(print_scenario(again) == once);
    CHECK(printed_client(again) == printed_client(given));
  }
}

TEST_CASE("of a group's client only what differs is printed", "[scenario]") {
  const auto printed = [](const std::string& client, const std::string& of_group) {
    const auto json = nlohmann::json::parse(print_scenario(scenario(client, of_group)));
    return json["network"]["groups"][0]["client"];
  };
  CHECK(printed(R"({"alpha": 5})", R"({"alpha": 5})") == nlohmann::json::object());
  CHECK(printed(R"({"alpha": 5})", R"({"alpha": 6, "records": {"max_records": 1}})") ==
        nlohmann::json::parse(R"({"alpha": 6, "records": {"max_records": 1}})"));
  CHECK(printed("{}", R"({"lookup": {"strategy": "go-libp2p"}})") ==
        nlohmann::json::parse(R"({"alpha": 10, "beta": 3, "lookup": {"strategy": "go-libp2p"}})"));
}

TEST_CASE("a --set reaches into a group, and below it", "[scenario]") {
  CHECK(client_of_group(scenario("{}", "{}", {"network.groups.0.client.alpha=9"})).lookup.alpha ==
        9);
  CHECK(client_of_group(scenario("{}", R"({"beta": 2})", {"client.alpha=9"})).lookup.alpha == 9);
  const Scenario set =
      scenario(R"({"lookup": {"strategy": "py-libp2p"}})", "{}",
               {"client.lookup.max_rounds=4", "network.groups.0.client.lookup.strategy=py-dht"});
  CHECK(client_of_group(set).lookup.strategy == "py-dht");
  CHECK(set.client.lookup.max_rounds == 4);
}

TEST_CASE("a group's dials and files are its own", "[scenario]") {
  const Scenario dials = scenario("{}", "{}", {"network.groups.0.dial=never"});
  CHECK(client_of_group(dials).dial == DialPolicy::kNever);
  CHECK(dials.client.dial == DialPolicy::kFirst);
  const Scenario files = decode_scenario(
      text_of("{}", R"({"resources": {"go_libp2p": {"limit_file": "go_libp2p_limits.json"}}})"),
      "tests/unit/data/s.json");
  CHECK(data_files(files) == std::vector<std::string>{"tests/unit/data/go_libp2p_limits.json"});
}

TEST_CASE("points may set keys of a group", "[scenario]") {
  const std::string text = text_of("{}", R"({"beta": 2})");
  const RunPlan plan = plan_runs(text.substr(0, text.size() - 1) +
                                     R"(, "sweep": {"network.groups.0.client.alpha": [1, 4],
                                   "network.groups.0.count": [2, 3]}})",
                                 "s.json");
  REQUIRE(plan.points.size() == 4);
  CHECK(client_of_group(plan.points[2].scenario).lookup.alpha == 4);
  CHECK(client_of_group(plan.points[2].scenario).lookup.beta == 2);
  CHECK(plan.points[2].scenario.client.lookup.alpha == 3);
}

TEST_CASE("what is wrong with a group's client is told once, where it stands", "[scenario]") {
  CHECK(error(R"({"alpha": 0, "zebra": 1})", R"({"beta": 2})") ==
        "s.json:1:36: error: client.alpha: 0 is out of range\n"
        "  {\"version\": 1, \"client\": {\"alpha\": 0, \"zebra\": 1},\n"
        "                                     ^\n"
        "  want a whole number from 1 to 1000\n"
        "s.json:1:39: error: client.zebra: unknown key\n"
        "  {\"version\": 1, \"client\": {\"alpha\": 0, \"zebra\": 1},\n"
        "                                        ^\n"
        "  want one of k, alpha, beta, steps_to_stop, answers, results, replication, rpc_timeout, "
        "table_updates, records, lookup, resources, values, queries");
  const auto first_line = [](const std::string& text) { return text.substr(0, text.find('\n')); };
  CHECK(first_line(error("{}", R"({"x": 1})")) ==
        "s.json:2:80: error: network.groups.0.client.x: unknown key");
  CHECK(first_line(error("3", R"({"beta": 2})")) ==
        "s.json:1:26: error: client: 3 is not an object");
  CHECK(error("{}", "3").ends_with("want an object of keys of client"));
}

TEST_CASE("keys that don't go together may stand in two places", "[scenario]") {
  const std::string limits = R"({"resources": {"manager": {"limits": {"streams": 4}}}})";
  const std::string two = error(limits, R"({"resources": {"streams": {"inbound": 2}}})");
  CHECK(
      two.starts_with("s.json:1:52: error: network.groups.0.client.resources.manager: streams "
                      "are limited by `streams`, `manager` or `go_libp2p`, not by two of them\n"));
  CHECK(
      two.ends_with("  want one of the two to be left out\n"
                    "  it is not given there, and so as in client"));
  CHECK(error(limits, R"({"lookup": {"strategy": "py-dht"}, "resources": {"manager": null}})")
            .find("network.groups.0.client.lookup.strategy: the lookup of py-dht is resolved at "
                  "its start, the limits of client can't delay it\n") != std::string::npos);
  CHECK(error(R"({"lookup": {"strategy": "py-dht"}})",
              R"({"lookup": {"strategy": "go-libp2p"}, "resources": {"negotiations": 1}})")
            .find("client.lookup.strategy: the lookup of py-dht is resolved at its start, the "
                  "limits of network.groups.0.client can't delay it\n") != std::string::npos);
}

TEST_CASE("gets are checked with the clients that may start them", "[scenario]") {
  const auto first_error = [](const std::string& client, const std::string& of_group,
                              const std::string& origins) {
    try {
      static_cast<void>(
          scenario(client, of_group,
                   {R"(workload=[{"op": "put", "count": 1, "name": "p"}, {"op": "get", "count": 1,
              "targets": {"put_by": "p"}, "origins": )" +
                    origins + "}]"}));
    } catch (const ScenarioError& problem) {
      const std::string text = problem.what();
      const auto at = text.find("error: ") + 7;
      return text.substr(at, text.find('\n', at) - at);
    }
    return std::string("no error");
  };
  const std::string py_dht = R"({"lookup": {"strategy": "py-dht"}})";
  const std::string go = R"({"lookup": {"strategy": "go-libp2p"}})";
  CHECK(first_error("{}", py_dht, "\"uniform\"") ==
        "workload.1.op: a get can't use the lookup of py-dht, which is resolved at its start");
  CHECK(first_error(py_dht, go, R"({"group": "a"})") == "no error");
  CHECK(first_error(py_dht, "{}", R"({"group": "a"})") ==
        "workload.1.op: a get can't use the lookup of py-dht, which is resolved at its start");
  const std::string never = R"({"replication": 3, "values": {"style": "py-libp2p", "quorum": 4}})";
  CHECK(first_error("{}", never, R"({"group": "a"})") ==
        "network.groups.0.client.values.quorum: it is never met: a get of py-libp2p asks no more "
        "than network.groups.0.client.replication contacts, which is 3");
  CHECK(first_error(never, R"({"replication": 4})", R"({"group": "a"})") == "no error");
}

TEST_CASE("the schema of a group's client has no defaults, and no k", "[scenario]") {
  const auto schema = nlohmann::json::parse(scenario_schema());
  const auto& group = schema["properties"]["network"]["properties"]["groups"]["items"];
  const auto& client = group["properties"]["client"]["properties"];
  CHECK_FALSE(client.contains("k"));
  CHECK(client["alpha"]["maximum"] == 1000);
  CHECK(client.dump().find("\"default\"") == std::string::npos);
  // A group may change what goes with the strategy without naming it.
  for (const auto& choice : client["lookup"]["anyOf"]) CHECK_FALSE(choice.contains("required"));
  const auto& of_all = schema["properties"]["client"]["properties"];
  CHECK(of_all["replication"]["type"] == "integer");
  CHECK(of_all["rpc_timeout"]["default"] == "10s");
}

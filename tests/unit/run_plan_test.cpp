#include "sim/scenario/run_plan.hpp"

#include "sim/scenario/print.hpp"
#include "tests/catch.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

using namespace kadsim;

namespace {

using Texts = std::vector<std::string>;

// A good scenario in line 1, and in line 2, from column 2 on, what the test adds.
std::string good_and(const std::string& members) {
  return R"({"version": 1, "network": {"nodes": 10}, "workload": [{"op": "lookup", "count": 1}],)"
         "\n " +
         members + "}";
}

RunPlan plan(const std::string& members, const Texts& overrides = {}) {
  return plan_runs(good_and(members), "s.json", overrides);
}

std::string report(const std::string& members, const Texts& overrides = {}) {
  try {
    static_cast<void>(plan(members, overrides));
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

Texts names(const RunPlan& plan) {
  Texts names;
  for (const Point& point : plan.points) names.push_back(point.name);
  return names;
}

// The report without the excerpt: heading and message, then the advice.
std::string told(const std::string& members, const Texts& overrides = {}) {
  const std::string text = report(members, overrides);
  const auto first = text.find('\n');
  const auto caret = text.find("^", first);
  return caret == std::string::npos ? text : text.substr(0, first) + text.substr(caret + 1);
}

}  // namespace

TEST_CASE("a scenario without replicas, points and sweep is one run", "[run_plan]") {
  const RunPlan one = plan(R"("seed": 4, "replica": 2, "name": "small")");
  CHECK_FALSE(one.many);
  CHECK(one.runs() == 1);
  CHECK(one.name == "small");
  CHECK(one.points.front().name.empty());
  CHECK(one.scenario_of(0).replica == 2);
  CHECK(one.text == print_scenario(decode_scenario(
                        good_and(R"("seed": 4, "replica": 2, "name": "small")"), "s.json")));
  CHECK_FALSE(plan(R"("replicas": 1, "sweep": {}, "points": [])").many);
}

TEST_CASE("replicas are numbered from the scenario's on", "[run_plan]") {
  const RunPlan three = plan(R"("replica": 7, "replicas": 3)");
  CHECK(three.many);
  CHECK(three.points.size() == 1);
  REQUIRE(three.runs() == 3);
  for (std::size_t run = 0; run < 3; ++run) CHECK(three.scenario_of(run).replica == 7 + run);
}

TEST_CASE("the points of a sweep are the product of its keys, the last changing fastest",
          "[run_plan]") {
  const RunPlan six =
      plan(R"("sweep": {"network.link.slow_errors.rate": [0, 0.05, 0.1], "client.k": [8, 4]},)"
           R"( "replicas": 2)");
  CHECK(six.keys == Texts{"network.link.slow_errors.rate", "client.k"});
  CHECK(six.last_axis == 2);
  CHECK(names(six) == Texts{"0-8", "0-4", "0.05-8", "0.05-4", "0.1-8", "0.1-4"});
  CHECK(six.points[3].values == Texts{"0.05", "4"});
  CHECK(six.points[3].baseline == 2);
  CHECK(six.points[3].scenario.client.lookup.k == 4);
  CHECK(six.points[3].scenario.client.lookup.beta == 4);  // that of k, at each point
  CHECK(six.points[3].scenario.runs.one());
  CHECK(six.runs() == 12);
  CHECK(six.scenario_of(7).replica == 1);
  CHECK(six.point_of(7).name == "0.05-4");
}

TEST_CASE("points set several keys at once and are an axis, in the order of the text",
          "[run_plan]") {
  const std::string points =
      R"("points": [{"name": "narrow", "set": {"client.alpha": 1, "client.beta": 2}}, )"
      R"({"name": "wide", "set": {"client.alpha": 9}}])";
  const std::string sweep = R"("sweep": {"client.k": [3, 5]})";
  CHECK(names(plan(points + ", " + sweep)) == Texts{"narrow-3", "narrow-5", "wide-3", "wide-5"});
  const RunPlan last = plan(sweep + ", " + points);
  CHECK(names(last) == Texts{"3-narrow", "3-wide", "5-narrow", "5-wide"});
  CHECK(last.keys == Texts{"client.k", "client.alpha", "client.beta"});
  CHECK(last.points[1].values == Texts{"3", "9", ""});
  CHECK(last.points[1].scenario.client.lookup.beta == 3);
  CHECK(last.points[1].baseline == 0);
}

TEST_CASE("a value of a sweep may be any JSON, and drops the keys that went with another value",
          "[run_plan]") {
  const RunPlan two = plan(R"("sweep": {"network.link.delay": [{"model": "planetlab"},)"
                           R"( {"model": "uniform", "max": "1s"}]})");
  CHECK(names(two) == Texts{"item1", "item2"});
  CHECK(two.points[1].values == Texts{R"({"model": "uniform", "max": "1s"})"});
  // As with --set, a strategy's own options go with it.
  const std::string rounds = R"({"strategy": "synchronous-rounds", "concurrency": 4})";
  const RunPlan strategies =
      plan(R"("client": {"lookup": )" + rounds +
           R"(}, "sweep": {"client.lookup.strategy": ["synchronous-rounds", "py-dht"]})");
  CHECK(strategies.points[1].scenario.client.lookup.strategy == "py-dht");
}

TEST_CASE("names of points fit a folder and are unique", "[run_plan]") {
  CHECK(names(plan(R"("sweep": {"name": ["a/b", "..", "a b", "c\u00e9"]})")) ==
        Texts{"item1", "_..", "item3", "c__"});
  CHECK(names(plan(R"("sweep": {"name": ["a-b", "a"], "description": ["c", "b-c"]})")) ==
        Texts{"a-b-c", "a-b-b-c", "a-c", "a-b-c-4"});
}

TEST_CASE("the plan's text is what was given, with what --set changed, and plans the same",
          "[run_plan]") {
  const std::string members = R"("network": {"nodes": 10, "link": {"delay":)"
                              R"( {"model": "uniform", "min": "1ms"}}}, "replicas": 2,)"
                              R"( "sweep": {"client.k": [3, 5]}, "client": {"alpha": 2})";
  const std::string text =
      R"({"version": 1, "workload": [{"op": "lookup", "count": 1}], )" + members + "}";
  const Texts overrides{"network.link.delay.model=planetlab", "client.alpha=3"};
  const RunPlan given = plan_runs(text, "s.json", overrides);
  CHECK(given.text.find("\"min\"") == std::string::npos);  // it went with the model before
  CHECK(given.text.find("\"alpha\": 3") != std::string::npos);
  const RunPlan again = plan_runs(given.text, "t.json");
  CHECK(again.text == given.text);
  REQUIRE(again.runs() == given.runs());
  for (std::size_t run = 0; run < given.runs(); ++run) {
    CHECK(print_scenario(again.scenario_of(run)) == print_scenario(given.scenario_of(run)));
  }
}

TEST_CASE("an error in a sweep is reported where it stands", "[run_plan]") {
  CHECK(report(R"("sweep": {"client.k": [20, 0]})") ==
        "s.json:2:29: error: client.k: 0 is out of range\n"
        "   \"sweep\": {\"client.k\": [20, 0]}}\n"
        "                              ^\n"
        "  want a whole number from 1 to 1000\n"
        "  at the point 0");
  CHECK(told(R"("sweep": {"client.alpa": [1, 2]})") ==
        "s.json:2:20: error: client.alpa: unknown key\n"
        "  want one of k, alpha, beta, steps_to_stop, answers, results, replication, rpc_timeout, "
        "table_updates, records, lookup, resources, values, queries\n"
        "  did you mean \"alpha\"?");
  CHECK(told(R"("sweep": {"client.k": [20, 20]})") ==
        "s.json:2:29: error: sweep.client.k: 20 stands there twice\n  want each value once");
  CHECK(told(R"("sweep": {"client.k": []})") ==
        "s.json:2:24: error: sweep.client.k: an empty list is too short\n"
        "  want a list of at least 1 value");
  CHECK(told(R"("sweep": {"client.k": 5})") ==
        "s.json:2:24: error: sweep.client.k: 5 is not a list\n  want a list of at least 1 value");
  CHECK(told(R"("sweep": [])") ==
        "s.json:2:11: error: sweep: an empty list is not an object\n"
        "  want an object of keys such as \"client.k\", each with a list of values");
  CHECK(told(R"("sweep": {"client..k": [1]})") ==
        "s.json:2:20: error: the path has an empty part\n"
        "  want keys and indices joined by '.', as in client.k=10");
  CHECK(told(R"("points": [{"name": "a", "set": {"client.k": 0}}, {"name": "b"}])") ==
        "s.json:2:47: error: client.k: 0 is out of range\n"
        "  want a whole number from 1 to 1000\n  at the point a");
}

TEST_CASE("a contradiction at some points only is reported with the first of them", "[run_plan]") {
  CHECK(
      told(
          R"("measure": {"from": "5s"}, "sweep": {"measure.until": ["9s", "3s"], "seed": [1, 2]})") ==
      "s.json:2:63: error: measure.until: 3s is not after measure.from (5s)\n"
      "  want from < until\n  at the point 3s-1, and 1 other");
  CHECK(told(R"("sweep": {"seed": [1, 2], "client.k": [3, 0, 4]})") ==
        "s.json:2:44: error: client.k: 0 is out of range\n"
        "  want a whole number from 1 to 1000\n  at the point 1-0, and 1 other");
  // An error at all points is one of the scenario, not of the sweep.
  CHECK(told(R"("client": {"beta": 0}, "sweep": {"client.k": [3, 4]})") ==
        "s.json:2:21: error: client.beta: 0 is out of range\n  want a whole number from 1 to 1000");
}

TEST_CASE("a key that a point sets is read at that point, or is an error there", "[run_plan]") {
  const std::string message = "client.resources.on_limit: there is no limit that it could be about";
  const std::string swept = told(R"("sweep": {"client.resources.on_limit": ["fail", "wait"]})");
  CHECK(swept.find(message) != std::string::npos);
  CHECK(swept.find("at the point ") != std::string::npos);
  const std::string base = R"("client": {"resources": {"on_limit": "wait"}}, )";
  CHECK(plan(base + R"("sweep": {"client.resources.streams.inbound": [1, 2]})").points.size() == 2);
  CHECK(told(base + R"("sweep": {"client.resources.streams.inbound": [null, 2]})").find(message) !=
        std::string::npos);
}

TEST_CASE("some keys can't be swept, and none twice", "[run_plan]") {
  for (const char* key :
       {"version", "replica", "replicas", "sweep", "points", "output", "output.connections"}) {
    INFO(key);
    CHECK(told(fmt::format(R"("sweep": {{"{}": [1]}})", key)) ==
          fmt::format("s.json:2:13: error: {}: this key can't be swept\n"
                      "  it is the same for all runs of a scenario",
                      key));
  }
  CHECK(report(R"("sweep": {"client": [{}, {"k": 4}], "client.alpha": [1]})")
            .find("client.alpha: another swept key, client, lies in this one or around it") !=
        std::string::npos);
  const std::string twice =
      report(R"("sweep": {"client.k": [4]}, "points": [{"name": "a", "set": {"client.k": 3}}])");
  CHECK(twice.find("client.k: two axes set this key") != std::string::npos);
  CHECK(twice.find("the first is in line 2") != std::string::npos);
  CHECK(report(R"("points": [{"name": "a"}, {"name": "a", "set": {"client.k": 3}}])")
            .find("points.1.name: \"a\" is taken") != std::string::npos);
}

TEST_CASE("a --set works beside a sweep, but not on what the sweep sets", "[run_plan]") {
  const std::string sweep = R"("sweep": {"client.k": [3, 4]})";
  CHECK(plan(sweep, {"client.alpha=7"}).points[1].scenario.client.lookup.alpha == 7);
  CHECK(plan(sweep, {"replicas=3"}).runs() == 6);
  CHECK(plan(sweep, {R"(sweep={"client.alpha": [1, 2, 5]})"}).points.size() == 3);
  CHECK(plan(sweep, {"sweep={}", "client.k=9"}).points[0].scenario.client.lookup.k == 9);
  CHECK(told(sweep, {"client.k=9"}) ==
        "--set client.k=9: error: client.k: points of the sweep set this key, and not to this\n"
        "  want sweep={} and points=[] as well, to leave the sweep out");
  CHECK(told("\"name\": \"x\"", {R"(sweep={"client.k": [0]})"}) ==
        "--set sweep={\"client.k\": [0]}: error: client.k: 0 is out of range\n"
        "  want a whole number from 1 to 1000");
}

TEST_CASE("points that are the same scenario are refused", "[run_plan]") {
  CHECK(told(R"("sweep": {"network.unreachable": [0.1, 0.10]})") ==
        "s.json:2:41: error: the points 0.1 and 0.10 are the same scenario\n"
        "  want points that differ");
  CHECK(report(R"("points": [{"name": "a"}, {"name": "b", "set": {"client.k": 20}}])")
            .find("the points a and b are the same scenario") != std::string::npos);
}

TEST_CASE("a scenario is ten thousand runs at the most", "[run_plan]") {
  CHECK(told(R"("replicas": 10001)") ==
        "s.json:2:14: error: replicas: 10001 is out of range\n"
        "  want a whole number from 1 to 10000");
  CHECK(told(R"("replicas": 4000, "sweep": {"seed": [1, 2, 3]})") ==
        "s.json:2:29: error: 4000 replicas of 3 points are more than 10000 runs\n  want fewer");
  std::string keys = R"("seed": [1, 2])";
  for (int i = 0; i < 80; ++i) keys += fmt::format(R"(, "x{}": [1, 2])", i);
  CHECK(report("\"sweep\": {" + keys + "}").find("1 replicas of more than 10000 points") !=
        std::string::npos);
  CHECK(told(R"("replica": 4294967295, "replicas": 2)") ==
        "s.json:2:37: error: replicas: the last replica would have the number 4294967296\n"
        "  want numbers up to 4294967295");
}

TEST_CASE("an error met in the world of a point is told where the point's setting stands",
          "[run_plan]") {
  const std::string text = good_and(R"("sweep": {"network.unreachable": [0, 1]})");
  const SettingError error("network.unreachable", "no node can be an origin", "want fewer");
  CHECK(std::string(located_at_point(error, 1, text, "s.json").what())
            .starts_with("s.json:2:39: error: network.unreachable: no node can be an origin\n"));
}

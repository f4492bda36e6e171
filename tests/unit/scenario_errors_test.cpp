#include "core/lookup/strategies.hpp"
#include "sim/scenario/decode.hpp"
#include "tests/catch.hpp"

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

using namespace kadsim;

namespace {

std::string report(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    static_cast<void>(decode_scenario(text, "s.json", overrides));
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

// A good scenario in line 1, and in line 2, from column 2 on, what the test adds.
std::string good_and(const std::string& members) {
  return R"({"version": 1, "network": {"nodes": 10}, "workload": [{"op": "lookup", "count": 1}],)"
         "\n " +
         members + "}";
}

// A scenario with this network in line 2, this workload in line 3, both from column 2 on.
std::string built_of(const std::string& network, const std::string& workload) {
  return "{\"version\": 1,\n \"network\": " + network + ",\n \"workload\": " + workload + "}";
}

std::string link(const std::string& members) {
  return built_of("{\"nodes\": 10, \"link\": {" + members + "}}",
                  R"([{"op": "lookup", "count": 1}])");
}

// Of those there are: another test may have registered one of its own.
std::string strategies(const std::function<bool(const StrategyInfo&)>& which) {
  std::vector<std::string> names;
  for (const StrategyInfo& strategy : lookup_strategies()) {
    if (which(strategy)) names.push_back("\"" + std::string(strategy.name) + "\"");
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

struct Example {
  std::string text;
  std::string heading_and_message;
  std::string advice;
};

// The text has this error and no other, and the caret stands under the column it tells.
void check(const Example& example) {
  INFO(example.text);
  const std::string text = report(example.text);
  INFO(text);
  const auto first_end = text.find('\n');
  CHECK(text.substr(0, first_end) == example.heading_and_message);
  const auto line_end = text.find('\n', first_end + 1);
  const auto caret_end = text.find('\n', line_end + 1);
  CHECK(text.substr(0, caret_end).ends_with(" ^"));
  CHECK(text.substr(std::min(caret_end, text.size() - 1) + 1) == example.advice);
}

void check_all(std::initializer_list<Example> examples) {
  for (const Example& example : examples) check(example);
}

}  // namespace

TEST_CASE("an error is reported with its place, its line, a caret and the range", "[scenario]") {
  CHECK(report("{\n  \"version\": 1,\n  \"network\": { \"nodes\": 10 },\n  \"client\": {\n"
               "\t\"k\": 0\n  },\n  \"workload\": [{\"op\": \"lookup\", \"count\": 1}]\n}\n") ==
        "s.json:5:7: error: client.k: 0 is out of range\n"
        "   \"k\": 0\n"
        "        ^\n"
        "  want a whole number from 1 to 1000");
}

TEST_CASE("numbers that are no such number are errors", "[scenario]") {
  check_all({
      {good_and(R"("client": {"k": 0})"), "s.json:2:18: error: client.k: 0 is out of range",
       "  want a whole number from 1 to 1000"},
      {good_and(R"("client": {"k": "20"})"), "s.json:2:18: error: client.k: \"20\" is not a number",
       "  want a whole number from 1 to 1000"},
      {good_and(R"("client": {"k": true})"), "s.json:2:18: error: client.k: true is not a number",
       "  want a whole number from 1 to 1000"},
      {good_and(R"("client": {"k": [1]})"), "s.json:2:18: error: client.k: a list is not a number",
       "  want a whole number from 1 to 1000"},
      {good_and(R"("client": {"steps_to_stop": 0})"),
       "s.json:2:30: error: client.steps_to_stop: 0 is out of range",
       "  want a whole number from 1 to 1000, or null"},
      {good_and(R"("seed": -5)"), "s.json:2:10: error: seed: -5 is out of range",
       "  want a whole number from 0 to 18446744073709551615"},
      {good_and(R"("seed": 18446744073709551616)"),
       "s.json:2:10: error: seed: 18446744073709551616 is out of range",
       "  want a whole number from 0 to 18446744073709551615"},
      {good_and(R"("seed": 1e400)"), "s.json:2:10: error: seed: 1e400 is out of range",
       "  want a whole number from 0 to 18446744073709551615"},
      {good_and(R"("seed": null)"), "s.json:2:10: error: seed: null is not a number",
       "  want a whole number from 0 to 18446744073709551615"},
      {built_of(R"({"nodes": 3.7})", R"([{"op": "lookup", "count": 1}])"),
       "s.json:2:23: error: network.nodes: 3.7 is not a whole number",
       "  want a whole number from 1 to 4000000000"},
      {built_of(R"({"nodes": 0})", R"([{"op": "lookup", "count": 1}])"),
       "s.json:2:23: error: network.nodes: 0 is out of range",
       "  want a whole number from 1 to 4000000000"},
      {built_of(R"({"nodes": 5, "unreachable": 1.5})", R"([{"op": "lookup", "count": 1}])"),
       "s.json:2:41: error: network.unreachable: 1.5 is out of range",
       "  want a number from 0 to 1 with at most 18 decimals"},
      {built_of(R"({"nodes": 5, "unreachable": 1})", R"([{"op": "lookup", "count": 1}])"),
       "s.json:2:41: error: network.unreachable: 1 leaves no node to ask from",
       "  want a number below 1"},
      {built_of(R"({"nodes": 5, "unreachable": "NaN"})", R"([{"op": "lookup", "count": 1}])"),
       "s.json:2:41: error: network.unreachable: \"NaN\" is not a number",
       "  want a number from 0 to 1 with at most 18 decimals"},
      {link(R"("delay": {"model": "lognormal", "sigma": 0})"),
       "s.json:2:77: error: network.link.delay.sigma: 0 is out of range",
       "  want a number above 0 and up to 2"},
      {link(R"("delay": {"model": "weibull", "shape": 1e400})"),
       "s.json:2:75: error: network.link.delay.shape: 1e400 is out of range",
       "  want a number from 0.3 to 20"},
      {"{\"version\": 2, \"network\": {\"nodes\": 1}, \"workload\": [{\"op\": \"lookup\", "
       "\"count\": 1}]}",
       "s.json:1:13: error: version: 2 is out of range", "  want the number 1"},
  });
}

TEST_CASE("bad durations are errors", "[scenario]") {
  const std::string want = "  want a duration from 1ns to 24h, such as \"50ms\"";
  const auto timeout = [](const std::string& value) {
    return good_and("\"client\": {\"rpc_timeout\": " + value + "}");
  };
  const std::string at = "s.json:2:28: error: client.rpc_timeout: ";
  check_all({
      {timeout("\"5\""), at + "\"5\" has no unit", want},
      {timeout("5"), at + "5 is not a duration in double quotes", want},
      {timeout("\"5 parsecs\""), at + "\"5 parsecs\" has no unit that is known here (\"parsecs\")",
       want},
      {timeout("\"-1s\""), at + "\"-1s\" is negative", want},
      {timeout("\"0s\""), at + "\"0s\" is out of range", want},
      {timeout("\"25h\""), at + "\"25h\" is out of range", want},
      {timeout("\"99999999h\""), at + "\"99999999h\" is longer than 292 years", want},
      {timeout("\"0.1ns\""), at + "\"0.1ns\" is not a whole number of nanoseconds", want},
  });
}

TEST_CASE("unknown keys and names come with a guess", "[scenario]") {
  check_all({
      {good_and(R"("cleint": {})"), "s.json:2:2: error: cleint: unknown key",
       "  want one of version, name, description, seed, replica, replicas, points, sweep, network, "
       "client, workload, "
       "measure, stop, output\n  did you mean \"client\"?"},
      {good_and(R"("output": {"zebra": 1})"), "s.json:2:13: error: output.zebra: unknown key",
       "  want one of operations, connections"},
      {good_and(R"("client": {"lookup": {"strategy": "slidng-window"}})"),
       "s.json:2:36: error: client.lookup.strategy: \"slidng-window\" is not known here",
       "  want " + strategies([](const StrategyInfo&) { return true; }) +
           "\n"
           "  did you mean \"sliding-window\"?"},
      {good_and(R"("client": {"lookup": {"concurrency": 3}})"),
       "s.json:2:24: error: client.lookup.concurrency: unknown key",
       "  it goes with \"strategy\": \"synchronous-rounds\""},
      {good_and(R"("client": {"lookup": {"strategy": "sliding-window", "contact_timeout": "1s"}})"),
       "s.json:2:54: error: client.lookup.contact_timeout: unknown key",
       "  it goes with \"strategy\": " +
           strategies([](const StrategyInfo& of) { return of.reads.contact_timeout; })},
      {good_and(R"("client": {"lookup": {"strategy": "go-kademlia", "max_rounds": 3}})"),
       "s.json:2:51: error: client.lookup.max_rounds: unknown key",
       "  it goes with \"strategy\": " +
           strategies([](const StrategyInfo& of) { return of.reads.max_rounds; })},
      {built_of(R"({"nodes": 1})", R"([{"op": "lookup", "count": 1, "segment_bytes": 5}])"),
       "s.json:3:44: error: workload.0.segment_bytes: unknown key",
       "  it goes with \"op\": \"provide\" or \"put\""},
      {link(R"("delay": {"model": "uniform", "value": "5ms"})"),
       "s.json:2:66: error: network.link.delay.value: unknown key",
       "  it goes with \"model\": \"constant\""},
      {built_of(R"({"nodes": 1, "tables": {"fill": "Closest"}})",
                R"([{"op": "lookup", "count": 1}])"),
       "s.json:2:45: error: network.tables.fill: \"Closest\" is not known here",
       "  want \"closest\", \"random\" or \"balanced\"\n  did you mean \"closest\"?"},
      {good_and(R"("seed": 1, "seed": 2)"), "s.json:2:13: error: duplicate key \"seed\"",
       "  the first is in line 2"},
  });
}

TEST_CASE("missing keys are errors at the object that lacks them", "[scenario]") {
  check_all({
      {R"({"version": 1, "workload": [{"op": "lookup", "count": 1}]})",
       "s.json:1:1: error: network.nodes: this key is missing",
       "  want a whole number from 1 to 4000000000"},
      {R"({"network": {"nodes": 1}, "workload": [{"op": "lookup", "count": 1}]})",
       "s.json:1:1: error: version: this key is missing", "  want the number 1"},
      {R"({"version": 1, "network": {"nodes": 1}})",
       "s.json:1:1: error: workload: this key is missing", "  want a list of at least 1 item"},
      {built_of(R"({"nodes": 1})", "[]"),
       "s.json:3:14: error: workload: an empty list is too short",
       "  want a list of at least 1 item"},
      {built_of(R"({"nodes": 1})", R"([{"op": "lookup"}])"),
       "s.json:3:15: error: workload.0.count: this key is missing",
       "  want a whole number from 1 to 1000000000"},
      {built_of(R"({"nodes": 1})", R"([{"count": 1, "segment_bytes": 5}])"),
       "s.json:3:15: error: workload.0.op: this key is missing",
       "  want \"lookup\", \"provide\", \"retrieve\", \"put\" or \"get\""},
      {built_of(R"({"nodes": 1})", R"([{"op": "retrieve", "count": 1}])"),
       "s.json:3:15: error: workload.0.targets: this key is missing",
       "  want \"uniform\" or {\"file\": ...} or {\"provided_by\": ...} or {\"put_by\": "
       "...}"},
      {"[]", "s.json:1:1: error: the scenario: an empty list is not an object", "  want an object"},
  });
}

TEST_CASE("contradictions in a workload are errors", "[scenario]") {
  const auto workload = [](const std::string& entries) {
    return built_of(R"({"nodes": 1})", "[" + entries + "]");
  };
  check_all({
      {workload(R"({"op": "lookup", "count": 1, "in_flight": 1, "rate_per_s": 1})"),
       "s.json:3:60: error: workload.0.rate_per_s: it stands beside \"in_flight\"",
       "  want only one of \"in_flight\" or \"rate_per_s\""},
      {workload(R"({"op": "lookup", "count": 1, "rate_per_s": 0})"),
       "s.json:3:58: error: workload.0.rate_per_s: 0 is out of range",
       "  want a number from 1e-06 to 1e+09"},
      {workload(
           R"({"name": "a", "op": "lookup", "count": 1}, {"name": "a", "op": "provide", "count": 1})"),
       "s.json:3:67: error: workload.1.name: \"a\" is the name of workload.0 as well",
       "  want another name"},
      {workload(R"({"name": "a b", "op": "lookup", "count": 1})"),
       "s.json:3:24: error: workload.0.name: \"a b\" is not a name",
       "  want a name of 1 to 64 letters, digits, '-', '_' or '.'"},
      {workload(
           R"({"op": "provide", "count": 1}, {"op": "retrieve", "count": 1, "targets": {"provided_by": "provid"}})"),
       "s.json:3:104: error: workload.1.targets.provided_by: \"provid\" is no other entry whose op "
       "is \"provide\"",
       "  want the name of such an entry\n  did you mean \"provide\"?"},
      {workload(R"({"op": "lookup", "count": 1, "targets": {"provided_by": "lookup"}})"),
       "s.json:3:71: error: workload.0.targets.provided_by: \"lookup\" is no other entry whose op "
       "is \"provide\"",
       "  want the name of such an entry"},
      {workload(R"({"op": "lookup", "count": 1, "origins": "uniformly"})"),
       "s.json:3:55: error: workload.0.origins: \"uniformly\" is not known here",
       "  want \"uniform\" or {\"file\": ...} or {\"group\": ...}\n  did you mean \"uniform\"?"},
      {workload(R"({"op": "lookup", "count": 1, "origins": {}})"),
       "s.json:3:55: error: workload.0.origins: an empty object is not enough",
       "  want \"uniform\" or {\"file\": ...} or {\"group\": ...}"},
      {workload(R"({"op": "lookup", "count": 1, "origins": {"uniform": 1}})"),
       "s.json:3:56: error: workload.0.origins.uniform: unknown key", "  want one of file, group"},
      {workload(R"({"op": "lookup", "count": 1, "origins": {"file": "no/such.txt"}})"),
       "s.json:3:64: error: workload.0.origins.file: \"no/such.txt\" can't be read: no/such.txt: "
       "No "
       "such file or directory",
       "  want the path of a file, relative to the scenario's folder"},
  });
}

TEST_CASE("the keys that there are stand in a message once each", "[scenario]") {
  const std::string resources =
      R"("client": {"resources": {"on_limit": {"wait_for": "1s", "x": 1}, )";
  check_all({
      {good_and(resources + "\"negotiations\": 5}}"),
       "s.json:2:58: error: client.resources.on_limit.x: unknown key", "  want one of wait_for"},
      {built_of(R"({"nodes": 1})",
                R"([{"op": "lookup", "count": 1, "origins": {"file": "/dev/null", "x": 1}}])"),
       "s.json:3:77: error: workload.0.origins.x: unknown key", "  want one of file, group"},
      {built_of(R"({"nodes": 1})",
                R"([{"op": "get", "count": 1, "targets": {"put_by": "put", "x": 1}},
    {"op": "put", "count": 1}])"),
       "s.json:3:70: error: workload.0.targets.x: unknown key",
       "  want one of file, provided_by, put_by"},
      {built_of(R"({"nodes": 1})", R"([{"op": "lookup", "count": 1, "rate_per_s": 1, "x": 1}])"),
       "s.json:3:61: error: workload.0.x: unknown key",
       "  want one of name, op, targets, count, start, in_flight, rate_per_s, origins"},
  });
}

TEST_CASE("an entry is not advised to take its keys from itself", "[scenario]") {
  // Where names are not unique, its own name is that of a provide as well.
  const std::string text = report(
      built_of(R"({"nodes": 10})",
               R"([{"op": "retrieve", "name": "a", "count": 1, "targets": {"provided_by": "a"}},
          {"op": "provide", "name": "a", "count": 1}])"));
  CHECK(text.find("\"a\" is no other entry whose op is \"provide\"") != std::string::npos);
  CHECK(text.find("did you mean") == std::string::npos);
}

TEST_CASE("times and delays that contradict each other are errors", "[scenario]") {
  check_all({
      {link(R"("delay": {"model": "uniform", "min": "5ms", "max": "2ms"})"),
       "s.json:2:87: error: network.link.delay.max: 2ms is smaller than min (5ms)",
       "  want min <= max"},
      {link(R"("delay": {"model": "uniform", "min": "1m"})"),
       "s.json:2:45: error: network.link.delay.max: 200ms is smaller than min (1m)",
       "  want min <= max"},
      {good_and(R"("measure": {"from": "5s", "until": "5s"})"),
       "s.json:2:37: error: measure.until: 5s is not after measure.from (5s)",
       "  want from < until"},
      {good_and(R"("measure": {"from": "5s"}, "stop": {"at": "5s"})"),
       "s.json:2:22: error: measure.from: 5s is not before the end of the run (5s)",
       "  want a time before stop.at"},
  });
}

TEST_CASE("arrivals that come near the end of virtual time are an error", "[scenario]") {
  const auto open = [](const std::string& entry, const std::string& more = "") {
    return built_of("{\"nodes\": 10}", R"([{"op": "lookup", )" + entry + "}]" + more);
  };
  const std::string late = " a second, the last would arrive after 1752000h of virtual time";
  const std::string fewer = ", a greater rate_per_s, or stop.at";
  // 200 years are 6307.2 times a million seconds, and half of it is gone at the last start there
  // is.
  check_all({
      {open(R"("count": 6308, "rate_per_s": 1e-6)"),
       "s.json:3:41: error: workload.0.count: from 0s on, at 1e-06" + late,
       "  want a whole number from 1 to 6307" + fewer},
      {open(R"("count": 20000, "rate_per_s": 1e-6, "start": "876000h")"),
       "s.json:3:41: error: workload.0.count: from 876000h on, at 1e-06" + late,
       "  want a whole number from 1 to 3153" + fewer},
      {open(R"("count": 1000000000, "rate_per_s": 0.1)", R"(, "stop": {"at": null})"),
       "s.json:3:41: error: workload.0.count: from 0s on, at 0.1" + late,
       "  want a whole number from 1 to 630720000" + fewer},
  });
  CHECK(report(open(R"("count": 6307, "rate_per_s": 1e-6)")) == "no error");
  CHECK(report(open(R"("count": 3153, "rate_per_s": 1e-6, "start": "876000h")")) == "no error");
  CHECK(report(open(R"("count": 1000000000, "rate_per_s": 1)")) == "no error");
  // Nothing arrives after the stop; and a chain waits for what there is.
  CHECK(report(open(R"("count": 20000, "rate_per_s": 1e-6)", R"(, "stop": {"at": "876000h"})")) ==
        "no error");
  CHECK(report(open(R"("count": 1000000000, "start": "876000h")")) == "no error");
}

TEST_CASE("a setting that nothing reads is an error", "[scenario]") {
  const std::string wait = R"("client": {"resources": {"on_limit": "wait")";
  const std::string line = R"("client": {"resources": {"on_limit": {"wait_for": "5s"})";
  const std::string queries = R"("client": {"queries": {)";
  const std::string no_limit =
      "error: client.resources.on_limit: there is no limit that it could be about";
  const std::string want_limit =
      "  want one of `streams`, `negotiations` and `manager` as well, or \"fail\"";
  const std::string want_stream = "  want `streams.inbound` or `streams.outbound`, or \"fail\"";
  const std::string want_managed =
      "  want a limit in `manager`, such as `manager.limits.streams`, or \"fail\"";
  const std::string no_time_limit = ": there is no time limit that it could be about";
  check_all({
      {good_and(wait + "}}"), "s.json:2:39: " + no_limit, want_limit},
      {good_and(line + R"(, "streams": {"inbound": null}, "service_time": "1s"}})"),
       "s.json:2:39: " + no_limit, want_stream},
      {good_and(wait + R"(, "streams": {}}})"), "s.json:2:39: " + no_limit, want_stream},
      {good_and(wait + R"(, "manager": {}}})"), "s.json:2:39: " + no_limit, want_managed},
      {good_and(line + R"(, "manager": {"limits": {}, "service": null}, "streams": {}}})"),
       "s.json:2:39: " + no_limit, want_managed},
      {good_and(R"("client": {"resources": {"on_limit": "revoke", "manager": {}}})"),
       "s.json:2:39: " + no_limit, want_managed},
      {good_and(queries + R"("timeout_from": "arrival"}})"),
       "s.json:2:41: error: client.queries.timeout_from" + no_time_limit,
       "  want `timeout` as well, or \"start\""},
      {good_and(queries + R"("concurrency": 2, "timeout": null, "deadline": "at"}})"),
       "s.json:2:72: error: client.queries.deadline" + no_time_limit,
       "  want `timeout` as well, or \"after\""},
  });
  // The defaults ask for nothing, written or not; and here there is something to read the rest.
  for (const std::string limit :
       {"\"streams\": {\"outbound\": 1}", "\"streams\": {\"inbound\": 1}", "\"negotiations\": 5",
        "\"negotiations\": 5, \"manager\": {}", "\"manager\": {\"limits\": {\"connections\": 1}}",
        "\"manager\": {\"operation\": {\"streams\": 1}}", "\"manager\": {\"incoming\": 1}",
        "\"manager\": {\"service\": 1}"}) {
    CHECK(report(good_and(wait + ", " + limit + "}}")) == "no error");
  }
  CHECK(report(good_and(queries + R"("timeout": "1s", "timeout_from": "arrival",
                                     "deadline": "at"}})")) == "no error");
  CHECK(report(good_and(queries + R"("timeout_from": "start", "deadline": "after"}})")) ==
        "no error");
  CHECK(report(good_and(R"("client": {"resources": {"on_limit": "fail"}})")) == "no error");
  // A --set is written as well; and one that takes the limit away leaves nothing to wait for.
  CHECK(report(good_and("\"seed\": 1"), {"client.resources.on_limit=wait"})
            .starts_with("--set client.resources.on_limit=wait: " + no_limit));
  CHECK(report(good_and(wait + R"(, "negotiations": 5}})"), {"client.resources.negotiations=null"})
            .starts_with("s.json:2:39: " + no_limit));
}

TEST_CASE("a quorum that no get can meet is an error", "[scenario]") {
  const auto with = [](const std::string& op, const std::string& members) {
    return R"({"version": 1, "network": {"nodes": 10}, "workload": [)"
           R"({"op": "put", "count": 1}, {"op": ")" +
           op + R"(", "count": 1, "targets": {"put_by": "put"}}],)" + "\n " + members + "}";
  };
  const auto client = [](const std::string& style, unsigned quorum, const std::string& more) {
    return R"("client": {)" + more + R"("values": {"style": ")" + style + R"(", "quorum": )" +
           std::to_string(quorum) + "}}";
  };
  const auto values = [&](const std::string& style, unsigned quorum, const std::string& more) {
    return with("get", client(style, quorum, more));
  };
  const std::string never =
      "error: client.values.quorum: it is never met: a get of py-libp2p asks no more than "
      "client.replication contacts, which is ";
  check_all({
      {values("py-libp2p", 21, ""), "s.json:2:56: " + never + "20",
       "  want a whole number from 0 to 20, or a greater client.replication"},
      {values("py-libp2p", 9, "\"k\": 8, "), "s.json:2:64: " + never + "8",
       "  want a whole number from 0 to 8, or a greater client.replication"},
  });
  CHECK(report(values("py-libp2p", 20, "")) == "no error");
  CHECK(report(values("py-libp2p", 21, "\"replication\": 21, ")) == "no error");
  // Its lookup may ask any node, and repairs and further puts may have made any number of holders.
  CHECK(report(values("go-libp2p", 21, "")) == "no error");
  CHECK(report(with("get", "\"seed\": 1"),
               {"client.values.style=py-libp2p", "client.values.quorum=21"})
            .starts_with("--set client.values.quorum=21: " + never));
  // A client that gets nothing has no quorum to meet.
  for (const std::string op : {"lookup", "put"}) {
    CHECK(report(with(op, client("py-libp2p", 1000, ""))) == "no error");
  }
}

TEST_CASE("regions must fit each other", "[scenario]") {
  const auto regions = [](const std::string& members) {
    return link("\n\"delay\": {\"model\": \"regions\", " + members + "}");
  };
  const std::string two = R"("names": ["a", "b"], )";
  check_all({
      {regions(R"("shares": [1], "delays": [["1ms"]])"),
       "s.json:3:10: error: network.link.delay.names: there are none",
       "  want names, shares and delays, or none of the three"},
      {regions(two + R"("shares": [1], "delays": [["1ms", "2ms"], ["2ms", "1ms"]])"),
       "s.json:3:62: error: network.link.delay.shares: 1 shares for 2 regions",
       "  want a list of 2"},
      {regions(two + R"("shares": [0.5, 0.499], "delays": [["1ms", "2ms"], ["2ms", "1ms"]])"),
       "s.json:3:62: error: network.link.delay.shares: they sum to 0.999",
       "  want a sum of exactly 1"},
      {regions(two + R"("shares": [0.5, 0.5], "delays": [["1ms", "2ms"]])"),
       "s.json:3:84: error: network.link.delay.delays: 1 rows of delays for 2 regions",
       "  want a list of 2 lists"},
      {regions(two + R"("shares": [0.5, 0.5], "delays": [["1ms", "2ms"], ["2ms"]])"),
       "s.json:3:101: error: network.link.delay.delays.1: 1 delays for 2 regions",
       "  want a list of 2"},
      {regions(two + R"("shares": [0.5, 0.5], "delays": [["1ms", "2ms"], ["3ms", "1ms"]])"),
       "s.json:3:102: error: network.link.delay.delays.1.0: 3ms from b to a, but 2ms back",
       "  want the same round trip both ways"},
      {regions(
           R"("names": ["a", "a"], "shares": [0.5, 0.5], "delays": [["1ms", "2ms"], ["2ms", "1ms"]])"),
       "s.json:3:46: error: network.link.delay.names.1: \"a\" stands twice",
       "  want different names"},
  });
}

TEST_CASE("a syntax error is the only one of its text", "[scenario]") {
  check_all({
      {"{\"version\": 2,}", "s.json:1:15: error: '}' can't stand here",
       "  want another key in double quotes, or no comma before the '}'"},
      {R"({"name": "\udc00"})", "s.json:1:11: error: \\udc00 is a lone surrogate",
       "  want a pair, \\ud800 to \\udbff and then \\udc00 to \\udfff, or the character itself"},
  });
}

TEST_CASE("errors of overrides are told with the override", "[scenario]") {
  const std::string good = good_and(R"("seed": 1)");
  CHECK(report(good, {"client.k=0"}) ==
        "--set client.k=0: error: client.k: 0 is out of range\n"
        "  client.k=0\n"
        "           ^\n"
        "  want a whole number from 1 to 1000");
  const auto first_line = [&](const std::string& override_operand) {
    const std::string text = report(good, {override_operand});
    return text.substr(0, text.find('\n'));
  };
  CHECK(first_line("client.k") == "--set client.k: error: there is no '='");
  CHECK(first_line("=1") == "--set =1: error: the path has an empty part");
  CHECK(first_line("client..k=1") == "--set client..k=1: error: the path has an empty part");
  CHECK(first_line("client.kk=1") == "--set client.kk=1: error: client.kk: unknown key");
  CHECK(first_line("seed.x=1") == "--set seed.x=1: error: seed is neither an object nor a list");
  CHECK(first_line("workload.1.count=1") ==
        "--set workload.1.count=1: error: workload is a list of 1, which has no item \"1\"");
  CHECK(first_line("workload.x=1") ==
        "--set workload.x=1: error: workload is a list of 1, which has no item \"x\"");
  CHECK(first_line("seed=x") == "--set seed=x: error: seed: \"x\" is not a number");
  CHECK(first_line("seed=[") == "--set seed=[: error: seed: \"[\" is not a number");
  CHECK(first_line("name=\xFF") == "--set name=\xEF\xBF\xBD: error: this value is not UTF-8");
  CHECK(
      first_line(R"(output={"operations": true, "operations": true})") ==
      R"(--set output={"operations": true, "operations": true}: error: duplicate key "operations")");
  CHECK(first_line("network={}") == "--set network={}: error: network.nodes: this key is missing");
}

TEST_CASE("all errors are reported in the order of the text, twenty at most", "[scenario]") {
  std::string entries;
  for (int i = 0; i < 30; ++i) {
    entries += std::string(i == 0 ? "" : ",\n") + R"({"op": "lookup", "count": 0})";
  }
  const std::string text = report(built_of(R"({"nodes": 0})", "[" + entries + "]"), {"seed=-1"});
  CHECK(text.starts_with("s.json:2:23: error: network.nodes"));
  CHECK(text.find("s.json:21:27: error: workload.18.count") != std::string::npos);
  CHECK(text.find("workload.19") == std::string::npos);
  CHECK(text.ends_with("\n... and 12 more"));
}

TEST_CASE("an error that only follows from another is not reported", "[scenario]") {
  // With min wrong it is not known whether it is above max, with an op wrong which entries provide.
  check_all({
      {link(R"("delay": {"model": "uniform", "min": "1", "max": "2ms"})"),
       "s.json:2:73: error: network.link.delay.min: \"1\" has no unit",
       "  want a duration from 0s to 1h, such as \"50ms\""},
      {link(R"("delay": {"model": "unifrom", "min": "1"})"),
       "s.json:2:55: error: network.link.delay.model: \"unifrom\" is not known here",
       "  want \"constant\", \"uniform\", \"lognormal\", \"weibull\", \"planetlab\", "
       "\"quantiles\", "
       "\"matrix\" or \"regions\"\n  did you mean \"uniform\"?"},
      {built_of(
           R"({"nodes": 1})",
           R"([{"op": "provid", "count": 1}, {"op": "retrieve", "count": 1, "targets": {"provided_by": "provide"}}])"),
       "s.json:3:22: error: workload.0.op: \"provid\" is not known here",
       "  want \"lookup\", \"provide\", \"retrieve\", \"put\" or \"get\"\n  did you mean "
       "\"provide\"?"},
      {good_and(R"("client": {"k": 0})"), "s.json:2:18: error: client.k: 0 is out of range",
       "  want a whole number from 1 to 1000"},
  });
}

TEST_CASE("a good scenario cut at any byte is an error and nothing worse", "[scenario]") {
  const std::string good =
      link(R"("delay": {"model": "regions", "names": ["\u00e9", "b"], "shares": [0.25, 7.5e-1]})");
  const std::string text = good + "\n";
  for (std::size_t size = 0; size < good.size(); ++size) {
    INFO(size);
    CHECK(report(text.substr(0, size)).starts_with("s.json:"));
  }
}

TEST_CASE("a scenario with any byte changed is read or refused", "[scenario]") {
  const std::string good =
      good_and(R"("client": {"k": 10, "rpc_timeout": "5s"}, "name": "\ud83d\ude00")");
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char byte :
         {'\0', '"', '\\', '{', '}', '[', ',', '9', 'e', '-', '\n', '\x80', '\xED'}) {
      std::string text = good;
      text[at] = byte;
      INFO(text);
      CHECK_NOTHROW(report(text));
    }
  }
}

TEST_CASE("hostile scenarios are refused with a short message", "[scenario]") {
  const auto short_report = [](const std::string& text) {
    const std::string all = report(text);
    CHECK(all.size() < 8'000);
    return all.substr(0, all.find('\n'));
  };
  CHECK(short_report(std::string(100'000, '[')) ==
        "s.json:1:65: error: more than 64 lists and objects within each other");
  CHECK(short_report(good_and("\"seed\": \"" + std::string(10'000'000, 'x') + "\"")) ==
        "s.json:2:10: error: seed: \"" + std::string(40, 'x') + "...\" is not a number");
  CHECK(short_report(good_and("\"" + std::string(10'000'000, 'x') + "\": 1")) ==
        "s.json:2:2: error: " + std::string(100, 'x') + "...: unknown key");
  CHECK(report(good_and("\"name\": \"" + std::string(10'000'000, 'x') + "\"")) == "no error");
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "\"a\": 1, ";
  CHECK(short_report(good_and(many + "\"seed\": 1")) == "s.json:2:2: error: a: unknown key");
}

TEST_CASE("groups and chosen identities that don't fit are reported where they stand",
          "[scenario]") {
  const std::string lookup = R"([{"op": "lookup", "count": 1}])";
  check_all({
      {built_of(R"({"nodes": 10, "groups": [{"name": "a", "count": 11}]})", lookup),
       "s.json:2:61: error: network.groups.0.count: that is 11 nodes, but the groups before it "
       "leave 10 of 10",
       "  want at most 10 nodes"},
      {built_of(
           R"({"nodes": 10, "groups": [{"name": "a", "count": 6}, {"name": "b", "share": 0.5}]})",
           lookup),
       "s.json:2:88: error: network.groups.1.share: that is 5 nodes, but the groups before it "
       "leave 4 of 10",
       "  want at most 4 nodes"},
      {built_of(R"({"nodes": 10, "groups": [{"name": "a", "count": 1, "share": 0.5}]})", lookup),
       "s.json:2:64: error: network.groups.0.share: it stands beside \"count\"",
       "  want only one of \"count\", \"share\" or \"identities\""},
      {built_of(R"({"nodes": 10, "groups": [{"name": "a"}]})", lookup),
       "s.json:2:38: error: network.groups.0.count: this key is missing",
       "  want a whole number from 0 to 18446744073709551615"},
      {built_of(
           R"({"nodes": 10, "groups": [{"name": "a", "count": 1}, {"name": "a", "count": 1}]})",
           lookup),
       "s.json:2:74: error: network.groups.1.name: \"a\" is the name of network.groups.0 as well",
       "  want another name"},
      {built_of(R"({"nodes": 10, "groups": [{"name": "a", "count": 1, "region": "EUROPE"}]})",
                lookup),
       "s.json:2:74: error: network.groups.0.region: the delays of links know no regions",
       "  want null, or network.link.delay.model \"regions\""},
      {built_of(R"({"nodes": 10, "groups": [{"name": "a", "count": 1, "client": {"k": 3}}]})",
                lookup),
       "s.json:2:75: error: network.groups.0.client.k: a group can't have a k of its own: it is "
       "the size of the buckets of all tables",
       "  want it in client only"},
      {built_of(R"({"nodes": 10, "groups": [{"name": "a", "identities": {"near": 0}}]})", lookup),
       "s.json:2:66: error: network.groups.0.identities: there is no network.identities.near.0 to "
       "choose its nodes from",
       "  want identities that are chosen there"},
      {built_of(R"({"nodes": 10, "groups": [{"name": "a", "identities": "file"}]})", lookup),
       "s.json:2:66: error: network.groups.0.identities: there is no network.identities.file to "
       "choose its nodes from",
       "  want identities that are chosen there"},
      {built_of(R"({"nodes": 10, "identities": {"near": [{"key": "a", "bits": 1, "count": 2}]},
                    "groups": [{"name": "a", "identities": {"near": 0}},
                               {"name": "b", "identities": "all"}]})",
                lookup),
       "s.json:4:60: error: network.groups.1.identities: nodes of network.identities are in "
       "network.groups.0 already",
       "  want each node in one group"},
      {built_of(R"({"nodes": 10, "groups": [{"name": "a", "identities": "some"}]})", lookup),
       "s.json:2:66: error: network.groups.0.identities: \"some\" is not known here",
       "  want \"all\" or \"file\" or {\"near\": ...}"},
      {built_of(R"({"nodes": 10, "groups": [{"name": "near", "count": 1}]})",
                R"([{"op": "lookup", "count": 1, "origins": {"group": "nea"}}])"),
       "s.json:3:65: error: workload.0.origins.group: \"nea\" is no group of network.groups",
       "  want the name of a group\n  did you mean \"near\"?"},
      {built_of(R"({"nodes": 10, "identities": {"near": [{"key": "a", "bits": 1, "count": 11}]}})",
                lookup),
       "s.json:2:84: error: network.identities.near.0.count: 11 identities are more than the 10 "
       "nodes that are left",
       "  want a whole number from 1 to 10, or more nodes"},
  });
}

// put and get in scenarios: keys, what must hold between them, and the operations they come to.

#include "sim/scenario/decode.hpp"
#include "sim/scenario/print.hpp"
#include "sim/workload/workload.hpp"
#include "tests/catch.hpp"

#include <set>

using namespace kadsim;

namespace {

std::string with(const std::string& workload, const std::string& client = "{}") {
  return R"({"version": 1, "network": {"nodes": 50}, "client": )" + client +
         ",\n \"workload\": " + workload + "}";
}

Scenario decode(const std::string& workload, const std::string& client = "{}") {
  return decode_scenario(with(workload, client), "s.json", {});
}

std::string report(const std::string& workload, const std::string& client = "{}") {
  try {
    static_cast<void>(decode(workload, client));
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "no error";
}

bool tells(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

constexpr const char* kPutAndGet =
    R"([{"op": "put", "count": 4, "version": 7, "segment_bytes": 5},
        {"op": "put", "name": "again", "count": 10, "version": 20, "targets": {"put_by": "put"}},
        {"op": "get", "count": 9, "targets": {"put_by": "again"}}])";

struct Built {
  explicit Built(const Scenario& scenario)
      : population(50, 1, 0, Probability()), workload(scenario.workload, population, 1, 0) {}
  Population population;
  Workload workload;
};

}  // namespace

TEST_CASE("the keys of put and get land in their options", "[scenario]") {
  const Scenario scenario =
      decode(kPutAndGet, R"({"values": {"style": "py-libp2p", "query_timeout": "3s",
                                        "quorum": 4, "repair": false}})");
  CHECK(scenario.client.values.style == ValueStyle::kPyLibp2p);
  CHECK(scenario.client.values.query_timeout == Duration::seconds(3));
  CHECK(scenario.client.values.quorum == 4);
  CHECK_FALSE(scenario.client.values.repair);
  CHECK(scenario.workload[0].version == 7);
  CHECK(scenario.workload[0].segment_bytes == 5);
  CHECK(std::get<targets::PutBy>(scenario.workload[2].target).entry == "again");
  const Scenario again = decode_scenario(print_scenario(scenario), "printed.json", {});
  CHECK(print_scenario(again) == print_scenario(scenario));
  CHECK(again.client.values.query_timeout == Duration::seconds(3));
  CHECK(decode(kPutAndGet, R"({"values": {"put_timeout": "1s"}})").client.values.put_timeout ==
        Duration::seconds(1));
}

TEST_CASE("a style refuses the keys of the other one", "[scenario]") {
  CHECK(tells(report(kPutAndGet, R"({"values": {"query_timeout": "3s"}})"),
              "client.values.query_timeout"));
  CHECK(tells(report(kPutAndGet, R"({"values": {"style": "py-libp2p", "put_timeout": "3s"}})"),
              "client.values.put_timeout"));
}

TEST_CASE("where put and get may take their keys from", "[scenario]") {
  const std::string put = R"({"op": "put", "count": 1})";
  CHECK(tells(report(R"([{"op": "get", "count": 1}])"),
              "error: workload.0.targets: this key is missing"));
  CHECK(tells(report("[" + put + R"(, {"op": "get", "count": 1, "targets": {"put_by": "putt"}}])"),
              "workload.1.targets.put_by: \"putt\" is no other entry whose op is \"put\""));
  CHECK(tells(report("[" + put + R"(, {"op": "get", "count": 1, "targets": {"put_by": "putt"}}])"),
              "did you mean \"put\"?"));
  CHECK(tells(
      report("[" + put + R"(, {"op": "get", "count": 1, "targets": {"provided_by": "put"}}])"),
      "\"put\" is no other entry whose op is \"provide\""));
  CHECK(
      tells(report("[" + put + R"(, {"op": "provide", "count": 1, "targets": {"put_by": "put"}}])"),
            "workload.1.targets.put_by: a provide can't take its keys from another entry"));
  CHECK(tells(report(R"([{"op": "provide", "count": 1},
                         {"op": "put", "count": 1, "targets": {"provided_by": "provide"}}])"),
              "workload.1.targets.provided_by: a put can't take its keys from a provide"));
  CHECK(tells(report(R"([{"op": "put", "count": 1, "targets": {"put_by": "put"}}])"),
              "workload.0.targets.put_by: \"put\" is no other entry"));
  // Round in a circle.
  CHECK(tells(report(R"([{"op": "put", "name": "a", "count": 1, "targets": {"put_by": "b"}},
                         {"op": "put", "name": "b", "count": 1, "targets": {"put_by": "a"}}])"),
              "workload.0.targets.put_by: \"b\" takes its own keys from another entry"));
  // A lookup or a retrieve may take the keys of a put, a get those of a provide.
  CHECK(report("[" + put + R"(, {"op": "lookup", "count": 1, "targets": {"put_by": "put"}},
                                {"op": "retrieve", "count": 1, "targets": {"put_by": "put"}},
                                {"op": "provide", "count": 1},
                                {"op": "get", "count": 1, "targets": {"provided_by": "provide"}}])") ==
        "no error");
}

TEST_CASE("a get of go-libp2p can't use a lookup that is resolved at its start", "[scenario]") {
  const std::string py_dht = R"("lookup": {"strategy": "py-dht"})";
  const std::string text = report(kPutAndGet, "{" + py_dht + "}");
  CHECK(tells(text, "workload.2.op: a get can't use the lookup of py-dht"));
  CHECK(report(kPutAndGet, "{" + py_dht + R"(, "values": {"style": "py-libp2p"}})") == "no error");
  CHECK(report(R"([{"op": "put", "count": 1}])", "{" + py_dht + "}") == "no error");
}

TEST_CASE("puts go round the keys of another entry, each time with a newer version", "[workload]") {
  const Built built(decode(kPutAndGet));
  const Workload& workload = built.workload;
  std::set<Hash> keys;
  for (std::uint64_t i = 0; i < 4; ++i) {
    const OperationRequest put = workload.request({0, i});
    CHECK(put.kind == OperationKind::kPut);
    CHECK(put.record.version == 7);
    CHECK(put.record.bytes == 5);
    keys.insert(put.target);
  }
  CHECK(keys.size() == 4);
  for (std::uint64_t i = 0; i < 10; ++i) {
    const OperationRequest put = workload.request({1, i});
    CHECK(put.target == workload.request({0, i % 4}).target);
    CHECK(put.record.version == 20 + i / 4);
  }
  for (std::uint64_t i = 0; i < 9; ++i) {
    const OperationRequest get = workload.request({2, i});
    CHECK(get.kind == OperationKind::kGet);
    CHECK(get.target == workload.request({1, i}).target);
    CHECK(get.record.version == 0);
  }
}

TEST_CASE("the keys of the query pool land in their options", "[scenario]") {
  const std::string lookup = R"([{"op": "lookup", "count": 1}])";
  CHECK_FALSE(decode(lookup).client.queries.any());
  const QueryOptions queries =
      decode(lookup, R"({"queries": {"concurrency": 3, "timeout": "5m", "timeout_from": "arrival",
                                     "deadline": "at"}})")
          .client.queries;
  CHECK(queries.concurrency == 3U);
  CHECK(queries.timeout == Duration::minutes(5));
  CHECK(queries.timeout_from == TimeoutFrom::kArrival);
  CHECK(queries.deadline == DeadlineRule::kAt);
  CHECK(tells(report(lookup, R"({"queries": {"concurrency": 0}})"),
              "client.queries.concurrency: 0 is out of range"));
  CHECK(tells(report(lookup, R"({"lookup": {"strategy": "py-dht"}, "queries": {"timeout": "1s"}})"),
              "client.queries.timeout: py-dht's lookup is resolved at its start"));
}

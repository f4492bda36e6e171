#include "sim/scenario/decode.hpp"
#include "sim/scenario/describe.hpp"
#include "sim/scenario/print.hpp"
#include "sim/scenario/reference.hpp"
#include "sim/scenario/schema.hpp"
#include "tests/catch.hpp"

#include <nlohmann/json.hpp>
#include <set>
#include <string>

using namespace kadsim;

namespace {

constexpr const char* kSmall =
    R"({"version": 1, "network": {"nodes": 10}, "workload": [{"op": "lookup", "count": 1}]})";

std::string printed_with(const std::vector<std::string>& overrides) {
  return print_scenario(decode_scenario(kSmall, "f", overrides));
}

void collect_keys(const nlohmann::json& json, std::set<std::string>& keys) {
  if (json.is_object()) {
    for (const auto& [key, value] : json.items()) keys.insert(key);
  }
  if (json.is_structured()) {
    for (const auto& value : json) collect_keys(value, keys);
  }
}

// Keys below any "properties" of a schema.
void collect_properties(const nlohmann::json& schema, std::set<std::string>& keys) {
  if (!schema.is_structured()) return;
  if (schema.is_object() && schema.contains("properties")) {
    for (const auto& [key, value] : schema["properties"].items()) keys.insert(key);
  }
  for (const auto& value : schema) collect_properties(value, keys);
}

const std::vector<std::vector<std::string>> kVariants = {
    {},
    {"network.link.delay.model=uniform", "network.unreachable=0.150", "seed=18446744073709551615"},
    {"network.link.delay.model=lognormal", "network.link.delay.sigma=0.1"},
    {"network.link.delay.model=weibull", "network.link.delay.scale=1500us"},
    {"network.link.delay.model=planetlab", "network.link.draw=connection"},
    {"network.link.delay.model=regions"},
    {R"(network.link.slow_errors={"rate": 1e-18, "delay": {"model": "constant", "value": "3h"}})",
     "network.link.slow_errors.delay.value=1h"},
    {"client.lookup.strategy=py-dht", "client.k=3"},
    {"client.lookup.strategy=synchronous-rounds", "client.lookup.timeout=1.5s"},
    {"client.lookup.strategy=py-libp2p", "client.lookup.contact_timeout=10s"},
    {"client.lookup.strategy=rust-libp2p", "client.lookup.contact_timeout=null"},
    {"client.lookup.strategy=go-libp2p", "client.k=7"},
    {"workload.0.rate_per_s=0.30000000000000004", R"(name="\u0001\ud83d\ude00\n")", "stop.at=1m"},
    {R"(workload=[{"op": "provide", "count": 1e9},
         {"op": "retrieve", "count": 1, "targets": {"provided_by": "provide"}}])"},
};

}  // namespace

TEST_CASE("a printed scenario decodes to itself, byte for byte", "[scenario]") {
  for (const auto& overrides : kVariants) {
    const std::string once = printed_with(overrides);
    INFO(once);
    CHECK(print_scenario(decode_scenario(once, "elsewhere/g")) == once);
  }
}

TEST_CASE("the printed scenario is JSON in the order of the descriptions", "[scenario]") {
  const std::string text = printed_with({});
  CHECK(
      text.starts_with("{\n  \"version\": 1,\n  \"name\": \"\",\n  \"description\": \"\",\n"
                       "  \"seed\": 1,\n  \"replica\": 0,\n  \"replicas\": 1,\n  \"points\": [],\n"
                       "  \"sweep\": {},\n  \"network\": {\n    \"id\": 0,\n"
                       "    \"nodes\": 10,\n    \"unreachable\": 0,\n"));
  CHECK(
      text.ends_with("  \"output\": {\n    \"operations\": true,\n    \"connections\": false\n"
                     "  }\n}\n"));
  CHECK_NOTHROW(nlohmann::json::parse(text));
}

TEST_CASE("the schema is JSON and knows every key that is printed", "[scenario]") {
  const auto schema = nlohmann::json::parse(scenario_schema());
  CHECK(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema");
  CHECK(schema["additionalProperties"] == false);
  CHECK(schema["required"] == nlohmann::json({"version", "network", "workload"}));
  std::set<std::string> known;
  collect_properties(schema, known);
  for (const auto& overrides : kVariants) {
    std::set<std::string> printed;
    collect_keys(nlohmann::json::parse(printed_with(overrides)), printed);
    for (const std::string& key : printed) {
      INFO(key);
      CHECK(known.contains(key));
    }
  }
}

TEST_CASE("the schema tells type, range, default and help of a key", "[scenario]") {
  const auto schema = nlohmann::json::parse(scenario_schema());
  const auto& client = schema["properties"]["client"]["properties"];
  CHECK(client["k"] == nlohmann::json({{"type", "integer"},
                                       {"minimum", 1},
                                       {"maximum", 1000},
                                       {"default", 20},
                                       {"description",
                                        "Size of a bucket, and contacts that a lookup starts "
                                        "from."}}));
  CHECK(client["table_updates"]["enum"] == nlohmann::json({"none", "learn"}));
  CHECK(schema["properties"]["network"]["required"] == nlohmann::json({"nodes"}));
  const auto& models = schema["properties"]["network"]["properties"]["link"]["properties"]["delay"];
  CHECK(models["oneOf"].size() == delay_models().size());
  CHECK(models["oneOf"][1]["properties"]["model"]["const"] == "uniform");
  CHECK(models["oneOf"][1]["additionalProperties"] == false);
}

TEST_CASE("the reference has an entry for every key", "[scenario]") {
  const auto entries = scenario_reference();
  const auto entry = [&](const std::string& path) {
    for (const ReferenceEntry& candidate : entries) {
      if (candidate.path == path) return candidate;
    }
    FAIL(path);
    return ReferenceEntry{};
  };
  CHECK(entry("client.k") == ReferenceEntry{"client.k", "", "a whole number from 1 to 1000",
                                            "default 20",
                                            "Size of a bucket, and contacts that a lookup starts "
                                            "from."});
  CHECK(entry("client.results").otherwise == "default: that of k");
  CHECK(entry("client.beta").otherwise == "default: 3 for go-libp2p, that of k for the others");
  CHECK(entry("client.lookup.max_rounds").condition ==
        "when \"strategy\" is \"py-libp2p\" or \"py-libp2p-window\"");
  CHECK(entry("network.nodes").otherwise == "required");
  CHECK(entry("network.link.delay.min").condition == "when \"model\" is \"uniform\"");
  CHECK(entry("workload[].rate_per_s").otherwise == "instead of in_flight");
  CHECK(entry("workload[].targets").condition ==
        "when \"op\" is \"lookup\", \"provide\" or \"put\"");
  CHECK(entry("network.link.fast_errors.delay").otherwise == "default null");

  std::set<std::string> known;
  for (const ReferenceEntry& candidate : entries) {
    CHECK_FALSE(candidate.help.empty());
    known.insert(candidate.path.substr(candidate.path.rfind('.') + 1));
  }
  std::set<std::string> printed;
  collect_keys(nlohmann::json::parse(printed_with({})), printed);
  for (const std::string& key : printed) CHECK(known.contains(key));
  CHECK(print_scenario_reference().find(
            "\nclient.k\n    a whole number from 1 to 1000; default 20"
            "\n    Size of a bucket, and contacts that a lookup starts from.\n") !=
        std::string::npos);
}

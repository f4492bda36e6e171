#include "sim/scenario/data_files.hpp"
#include "sim/scenario/decode.hpp"
#include "sim/scenario/region_rules.hpp"
#include "tests/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <variant>
#include <vector>

using namespace kadsim;

namespace {

// A scenario that gives every key of the ways it takes.
constexpr const char* kFull = R"({
  "version": 1,
  "name": "full", "description": "All \"keys\".", "seed": 18446744073709551615, "replica": 3,
  "network": {
    "id": 2, "nodes": 1e6, "unreachable": 0.15,
    "tables": { "fill": "balanced" },
    "link": {
      "delay": { "model": "lognormal", "median": "80ms", "sigma": 0.25 },
      "draw": "interaction", "dial": "never",
      "fast_errors": { "rate": 0.01, "delay": { "model": "uniform", "min": "1ms", "max": "2ms" } },
      "slow_errors": { "rate": 0.02, "delay": null },
      "gamma": "0.5ms", "gamma_mode": "cumulative"
    }
  },
  "client": {
    "k": 10, "alpha": 4, "beta": 3, "steps_to_stop": 5, "answers": 6, "results": 7,
    "replication": 8, "rpc_timeout": "2s", "table_updates": "learn",
    "records": { "max_records": 5, "max_value_bytes": 0 },
    "lookup": { "strategy": "synchronous-rounds", "concurrency": 2, "replication": 9,
                "stop": "closest", "timeout": "1m" }
  },
  "workload": [
    { "op": "lookup", "count": 5 },
    { "name": "segments", "op": "provide", "count": 6, "segment_bytes": 77, "in_flight": 2 },
    { "op": "retrieve", "count": 7, "targets": { "provided_by": "segments" }, "rate_per_s": 0.5,
      "start": "90s", "origins": "uniform" },
    { "op": "lookup", "count": 8, "targets": "uniform" }
  ],
  "measure": { "from": "1s", "until": "5m" },
  "stop": { "at": "1h" },
  "output": { "operations": false, "connections": true }
})";

constexpr const char* kSmall =
    R"({"version": 1, "network": {"nodes": 10}, "workload": [{"op": "lookup", "count": 1}]})";

Scenario small_with(const std::vector<std::string>& overrides) {
  return decode_scenario(kSmall, "small.json", overrides);
}

/// A folder of its own for data files, removed in the end.
class ScratchFolder {
 public:
  ScratchFolder() {
    // A name that no test running beside this one has.
    std::string name = (std::filesystem::temp_directory_path() / "kadsim_scenario.XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~ScratchFolder() { std::filesystem::remove_all(path_); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("every key of a scenario lands in its option", "[scenario]") {
  const Scenario scenario = decode_scenario(kFull, "dir/full.json");
  CHECK(scenario.name == "full");
  CHECK(scenario.description == "All \"keys\".");
  CHECK(scenario.seed == 18446744073709551615U);
  CHECK(scenario.replica == 3);
  CHECK(scenario.folder == "dir");

  const NetworkOptions& network = scenario.network;
  CHECK(network.id == 2);
  CHECK(network.nodes == 1'000'000);
  CHECK(network.unreachable == Probability(15, 100));
  CHECK(network.fill == Fill::kBalanced);
  const auto* delay = std::get_if<delay::Lognormal>(&network.link.delay);
  REQUIRE(delay);
  CHECK(delay->median == Duration::milliseconds(80));
  CHECK(delay->sigma == 0.25);
  CHECK(network.link.draw == DelayDraw::kInteraction);
  CHECK(network.link.fast_errors.rate == Probability(1, 100));
  REQUIRE(network.link.fast_errors.delay);
  CHECK(std::get<delay::Uniform>(*network.link.fast_errors.delay).max == Duration::milliseconds(2));
  CHECK_FALSE(network.link.slow_errors.delay);
  CHECK(network.link.gamma == Duration::microseconds(500));
  CHECK(network.link.gamma_mode == GammaMode::kCumulative);

  const ClientOptions& client = scenario.client;
  CHECK(client.lookup.k == 10);
  CHECK(client.lookup.alpha == 4);
  CHECK(client.lookup.beta == 3);
  CHECK(client.lookup.steps_to_stop == 5U);
  CHECK(client.answers == 6);
  CHECK(client.lookup.results == 7);
  CHECK(client.replication == 8);
  CHECK(client.rpc_timeout == Duration::seconds(2));
  CHECK(client.table_updates == TableUpdates::kLearn);
  CHECK(client.dial == DialPolicy::kNever);
  CHECK(client.records.max_records == 5);
  CHECK(client.records.max_value_bytes == 0);
  CHECK(client.lookup.strategy == "synchronous-rounds");
  CHECK(client.lookup.concurrency == 2);
  CHECK(client.lookup.replication == 9);
  CHECK(client.lookup.stop == RoundsStop::kClosest);
  CHECK(client.operation_timeout == Duration::minutes(1));

  REQUIRE(scenario.workload.size() == 4);
  CHECK(scenario.workload[0].name == "lookup");
  CHECK(std::get<ClosedLoop>(scenario.workload[0].arrival).in_flight == 100);
  CHECK(scenario.workload[1].segment_bytes == 77);
  CHECK(std::get<ClosedLoop>(scenario.workload[1].arrival).in_flight == 2);
  CHECK(scenario.workload[2].op == OperationKind::kRetrieve);
  CHECK(std::get<targets::ProvidedBy>(scenario.workload[2].target).entry == "segments");
  CHECK(std::get<OpenLoop>(scenario.workload[2].arrival).rate_per_s == 0.5);
  CHECK(scenario.workload[2].start == SimTime::at(Duration::seconds(90)));
  CHECK(scenario.workload[3].name == "lookup-2");

  CHECK(scenario.measure.from == SimTime::at(Duration::seconds(1)));
  CHECK(scenario.measure.until == SimTime::at(Duration::minutes(5)));
  CHECK(scenario.stop_at == SimTime::at(Duration::hours(1)));
  CHECK_FALSE(scenario.output.operations);
  CHECK(scenario.output.connections);
}

TEST_CASE("beta, answers, results and replication default to k", "[scenario]") {
  const Scenario scenario = small_with({"client.k=7", "client.results=9"});
  CHECK(scenario.client.lookup.beta == 7);
  CHECK(scenario.client.answers == 7);
  CHECK(scenario.client.lookup.results == 9);
  CHECK(scenario.client.replication == 7);
  CHECK(small_with({}).client.lookup.beta == small_with({}).client.lookup.k);
}

TEST_CASE("each strategy has the defaults of the system it reproduces, unless told otherwise",
          "[scenario]") {
  const auto client_with = [](const std::string& strategy, std::vector<std::string> more = {}) {
    more.insert(more.begin(), "client.lookup.strategy=" + strategy);
    return small_with(more).client;
  };
  CHECK(client_with("go-libp2p").lookup.alpha == 10);
  CHECK(client_with("go-libp2p").lookup.beta == 3);
  CHECK(client_with("go-libp2p", {"client.k=8"}).lookup.beta == 3);
  CHECK(client_with("go-libp2p", {"client.alpha=3", "client.beta=20"}).lookup.alpha == 3);
  CHECK(client_with("go-libp2p", {"client.alpha=3", "client.beta=20"}).lookup.beta == 20);
  CHECK(client_with("py-libp2p").lookup.alpha == 10);
  CHECK(client_with("py-libp2p").lookup.max_rounds == 20);
  CHECK(client_with("py-libp2p", {"client.lookup.max_rounds=5"}).lookup.max_rounds == 5);
  CHECK_FALSE(client_with("py-libp2p").lookup.contact_timeout);
  CHECK(client_with("py-libp2p-window", {"client.lookup.contact_timeout=10s"})
            .lookup.contact_timeout == Duration::seconds(10));
  CHECK(client_with("go-kademlia").lookup.alpha == 3);
  CHECK(client_with("go-kademlia").lookup.contact_timeout == Duration::minutes(1));
  CHECK(client_with("rust-libp2p").lookup.contact_timeout == Duration::seconds(10));
  CHECK_FALSE(client_with("rust-libp2p-disjoint", {"client.lookup.contact_timeout=null"})
                  .lookup.contact_timeout);
  CHECK_FALSE(client_with("kademlia-2002").lookup.contact_timeout);
  CHECK(client_with("adaptive").lookup.alpha == 2);
  CHECK(client_with("sliding-window").lookup.alpha == 3);
  CHECK(client_with("sliding-window").lookup.beta == 20);
}

TEST_CASE("another strategy drops the options that it does not read", "[scenario]") {
  const ClientOptions client =
      small_with({"client.lookup.strategy=rust-libp2p", "client.lookup.contact_timeout=3s",
                  "client.lookup.strategy=lock-step"})
          .client;
  CHECK_FALSE(client.lookup.contact_timeout);
}

TEST_CASE("only py-dht stops after three steps unless told otherwise", "[scenario]") {
  CHECK_FALSE(small_with({}).client.lookup.steps_to_stop);
  CHECK(small_with({"client.lookup.strategy=py-dht"}).client.lookup.steps_to_stop == 3U);
  CHECK(small_with({"client.lookup.strategy=py-dht", "client.steps_to_stop=4"})
            .client.lookup.steps_to_stop == 4U);
}

TEST_CASE("regions without figures are SimBlock's", "[scenario]") {
  const Scenario scenario = small_with({"network.link.delay.model=regions"});
  const auto& regions = std::get<delay::Regions>(scenario.network.link.delay);
  CHECK(regions.names == simblock_regions().names);
  CHECK(regions.shares[1] == Probability(4998, 10000));
  CHECK(regions.delays[0][1] == Duration::milliseconds(248));
}

TEST_CASE("entries without names get names that no other entry has", "[scenario]") {
  const Scenario scenario = small_with({R"(workload=[
      {"op": "lookup", "count": 1}, {"op": "lookup", "count": 1},
      {"name": "lookup-2", "op": "provide", "count": 1}, {"op": "provide", "count": 1}])"});
  std::vector<std::string> names;
  for (const WorkloadEntry& entry : scenario.workload) names.push_back(entry.name);
  CHECK(names == std::vector<std::string>{"lookup", "lookup-3", "lookup-2", "provide"});
}

TEST_CASE("overrides replace, make objects on their way, and the last one wins", "[scenario]") {
  CHECK(small_with({"network.nodes=20"}).network.nodes == 20);
  CHECK(small_with({"seed=1", "seed=2"}).seed == 2);
  CHECK(small_with({"name=a=b"}).name == "a=b");
  CHECK(small_with({"name="}).name.empty());
  CHECK(small_with({R"(name="12")"}).name == "12");
  CHECK(small_with({"workload.0.count=5"}).workload[0].count == 5);
  CHECK(small_with({"output.connections=true"}).output.connections);
  const Scenario scenario = small_with({"network.link.delay.value=20ms"});
  CHECK(std::get<delay::Constant>(scenario.network.link.delay).value == Duration::milliseconds(20));
  CHECK(small_with({R"(network.link={"gamma": "1us"})"}).network.link.gamma ==
        Duration::microseconds(1));
}

TEST_CASE("a byte order mark before a scenario is no part of it", "[scenario]") {
  CHECK(decode_scenario("\xEF\xBB\xBF" + std::string(kSmall), "f").network.nodes == 10);
}

TEST_CASE("data files are looked for beside the scenario and kept as written", "[scenario]") {
  const ScratchFolder folder;
  folder.write("delays.csv", "");
  const std::string text = R"({"version": 1, "network": {"nodes": 10, "link": {"delay":
      {"model": "quantiles", "file": "./delays.csv"}}},
      "workload": [{"op": "lookup", "count": 1, "origins": {"file": "./delays.csv"}}]})";
  const Scenario scenario = read_scenario(folder.write("scenario.json", text));
  CHECK(std::get<delay::Quantiles>(scenario.network.link.delay).file == "./delays.csv");

  const Scenario found = with_found_files(scenario);
  const std::string path = folder.path() + "/delays.csv";
  CHECK(std::get<delay::Quantiles>(found.network.link.delay).file == path);
  CHECK(std::get<origins::File>(found.workload[0].origin).path == path);
  CHECK(std::get<delay::Quantiles>(with_found_files(found).network.link.delay).file == path);
  CHECK(data_files(scenario) == std::vector<std::string>{path});
}

TEST_CASE("a scenario that can't be read says why", "[scenario]") {
  const ScratchFolder folder;
  CHECK_THROWS_AS(read_scenario(folder.path() + "/none.json"), UnreadableError);
  CHECK_THROWS_WITH(read_scenario(folder.path() + "/none.json"),
                    folder.path() + "/none.json: No such file or directory");
  CHECK_THROWS_WITH(read_scenario(folder.path()),
                    folder.path() + ": is a directory, not a regular file");
  CHECK_THROWS_WITH(read_scenario("/dev/zero"), "/dev/zero: is not a regular file");
}

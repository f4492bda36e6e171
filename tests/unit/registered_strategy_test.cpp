// A strategy of one's own: registered, chosen by name, and what its driver promises it.

#include "core/base/assert.hpp"
#include "core/lookup/strategies.hpp"
#include "sim/scenario/decode.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

using namespace kadsim;

namespace {

// Asks its seeds one by one, each `kPatience` after the one before, whatever they answer.
class Patient final : public LookupStrategy {
 public:
  static constexpr Duration kPatience = Duration::milliseconds(15);
  static inline std::vector<std::string> heard;  // of all its lookups

  void start(const LookupTask&, std::span<const PeerRef> seeds) override {
    seeds_.assign(seeds.begin(), seeds.end());
    asked_ = 0;
    open_ = 0;
    stopped_ = false;
    next_at_ = SimTime();
  }
  LookupStep next(SimTime now) override {
    if (asked_ == seeds_.size() || stopped_) {
      if (open_ > 0) return LookupStep::wait();
      return LookupStep::finished(stopped_ ? LookupEnd::kFound : LookupEnd::kExhausted);
    }
    if (now < next_at_) return LookupStep::wait(next_at_);
    next_at_ = now + kPatience;
    ++open_;
    tell("ask", now);
    return LookupStep::ask(seeds_[asked_++]);
  }
  void on_sent(PeerRef, SimTime now) override { tell("sent", now); }
  void on_answer(PeerRef, const LookupAnswer&, SimTime now) override {
    --open_;
    tell("answer", now);
  }
  void on_failure(PeerRef, SimTime now) override {
    --open_;
    tell("failure", now);
  }
  bool stop() override {
    stopped_ = true;
    return open_ == 0;
  }
  void collect(std::vector<ResultContact>& out) const override { out.clear(); }

 private:
  static void tell(const char* what, SimTime now) {
    heard.push_back(what + (" at " + std::to_string((now - SimTime()).ns() / 1'000'000)));
  }
  std::vector<PeerRef> seeds_;
  std::size_t asked_ = 0;
  std::size_t open_ = 0;
  bool stopped_ = false;
  SimTime next_at_;
};

void register_patient() {
  if (make_lookup_strategy("patient") != nullptr) return;
  register_lookup_strategy(
      {.name = "patient",
       .help = "One after the other.",
       .make = [] { return std::unique_ptr<LookupStrategy>(std::make_unique<Patient>()); },
       .reads = {.contact_timeout = true}});
}

struct World {
  World() {
    register_patient();
    Patient::heard.clear();
    NetworkSetup setup = plain_setup(1, 3);  // 10 ms a dial, 10 ms a request
    setup.client.lookup.strategy = "patient";
    setup.network.nodes = 50;
    network = DhtNetwork::init_with_random_peers(setup, scheduler);
  }
  Scheduler scheduler;
  Endings endings;
  std::unique_ptr<DhtNetwork> network;
};

}  // namespace

TEST_CASE("a strategy is called when it wanted to be, and told what is on the wire",
          "[strategies]") {
  World world;
  world.network->client({0}).lookup_for_hash(Hash::of_name("a key"), 1, world.endings);
  world.scheduler.run_all();
  CHECK(Patient::heard == std::vector<std::string>{"ask at 0", "sent at 10", "ask at 15",
                                                   "answer at 20", "sent at 25", "ask at 30",
                                                   "answer at 35", "sent at 40", "answer at 50"});
  REQUIRE(world.endings.ended.size() == 1);
  CHECK(world.endings.ended[0].outcome.status == OperationStatus::kExhausted);
}

TEST_CASE("a strategy that is told to stop may wait for what is on the wire", "[strategies]") {
  World world;
  const Hash key = Hash::of_name("a key");
  std::vector<PeerRef> seeds;
  world.network->client({0}).table().closest(key, 3, seeds);
  world.network->client(seeds[0]).store_segment({key, 10});
  world.network->client({0}).retrieve_segment(key, 1, world.endings);
  world.scheduler.run_all();
  CHECK(Patient::heard == std::vector<std::string>{"ask at 0", "sent at 10", "ask at 15",
                                                   "answer at 20", "sent at 25", "answer at 35"});
  REQUIRE(world.endings.ended.size() == 1);
  CHECK(world.endings.ended[0].outcome.status == OperationStatus::kFound);
  CHECK(world.endings.ended[0].outcome.end == SimTime() + Duration::milliseconds(35));
}

TEST_CASE("a time limit leaves no wake-up behind", "[strategies]") {
  World world;
  world.network->client({0}).lookup_for_hash(Hash::of_name("a key"), 1, world.endings);
  world.scheduler.run_until(SimTime() + Duration::milliseconds(12));
  world.network->host().cut_off();
  world.scheduler.run_all();
  CHECK(Patient::heard == std::vector<std::string>{"ask at 0", "sent at 10"});
}

TEST_CASE("a registered strategy is named where the options are that it reads", "[strategies]") {
  register_patient();
  const auto with = [](const std::string& strategy) {
    return R"({"version": 1, "network": {"nodes": 10}, "workload": [{"op": "lookup", "count": 1}],
               "client": {"lookup": {"strategy": ")" +
           strategy + R"(", "contact_timeout": "3s"}}})";
  };
  CHECK(decode_scenario(with("patient"), "s.json").client.lookup.contact_timeout ==
        Duration::seconds(3));
  std::string report;
  try {
    static_cast<void>(decode_scenario(with("sliding-window"), "s.json"));
  } catch (const ScenarioError& error) {
    report = error.what();
  }
  CHECK(report.find("it goes with \"strategy\": ") != std::string::npos);
  CHECK(report.find("\"go-kademlia\", ") != std::string::npos);
  CHECK(report.find("\"patient\", ") != std::string::npos);
}

TEST_CASE("a registered strategy is accepted in scenarios, and no name is taken twice",
          "[strategies]") {
  register_patient();
  const Scenario scenario = decode_scenario(
      R"({"version": 1, "network": {"nodes": 10}, "client": {"lookup": {"strategy": "patient"}},
          "workload": [{"op": "lookup", "count": 1}]})",
      "s.json");
  CHECK(scenario.client.lookup.strategy == "patient");
  const StrategyInfo again{"patient", "", nullptr};
  CHECK_THROWS_AS(register_lookup_strategy(again), AssertionError);
  CHECK_THROWS_AS(register_lookup_strategy({"", "", nullptr}), AssertionError);
}

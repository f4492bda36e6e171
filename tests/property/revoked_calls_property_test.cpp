// Requests and dials of a node under a manager that may revoke, in random order and with random
// ways to end, against the promises of the contract.

#include "sim/world/arena_buckets.hpp"
#include "sim/world/population.hpp"
#include "tests/support/limited_calls.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <vector>

using namespace kadsim;
using namespace kadsim::testing;

namespace {

// A node under a manager that may revoke: its own requests and dials, requests that come in and
// rank higher, and limits that change.
class Revoking final : private GateListener {
 public:
  explicit Revoking(std::uint64_t seed)
      : chance_(seed),
        calls_(chance_.calls(150, true)),
        nodes_(scheduler_, kNodes),
        population_(kNodes, seed, 0, Probability()),
        remotes_(scheduler_, calls_),
        gates_({.scheduler = nodes_,
                .connection = remotes_,
                .book = population_.book(),
                .buckets = buckets_},
               {.resources = options(seed % 2 == 0), .k = 4, .tables_learn = seed % 3 == 0}),
        asker_(scheduler_, calls_) {
    for (std::uint32_t other = 1; other < kNodes / 2; ++other) {
      RoutingTable(kAsker, population_.book(), buckets_).add({other});
    }
  }

  void run() {
    asker_.begin_all(gates_.connection(), gates_.contacts());
    for (int i = 0; i < 400; ++i) {
      scheduler_.run_until(scheduler_.now() + chance_.up_to(ms(2)));
      disturb();
      check_limits();
    }
    while (!inbound_.empty()) end_inbound();
    scheduler_.run_all();
    check_end();
  }
  const std::vector<Told>& told() const { return asker_.told; }

 private:
  static constexpr Units kStreamLimit = 4;
  static constexpr Units kConnectionLimit = 4;

  static ClientResources options(bool negotiates) {
    ClientResources resources{
        .manager =
            ManagerOptions{.limits = {.streams = kStreamLimit, .connections = kConnectionLimit},
                           .operation = {.streams = 3, .connections = 3},
                           .operation_priority = EdgePriority::of(20000),
                           .bucket_priority = EdgePriority::of(10000),
                           .collect_after = ms(50),
                           .review_every = ms(40)},
        .on_limit = on_limit::Revoke{}};
    if (negotiates) resources.negotiations = 2;
    return resources;
  }
  NodeResources& node() { return gates_.managers()->of(kAsker); }
  ResourceManager& manager() { return node().manager(); }
  Units held(ResourceClass resource_class) {
    return manager().used(manager().root(), resource_class);
  }

  void disturb() {
    switch (chance_.below(4)) {
      case 0:
        begin_inbound();
        break;
      case 1:
        if (!inbound_.empty()) end_inbound();
        break;
      case 2:
        gates_.connection().operation_over(kAsker, chance_.below(5));
        break;
      default:
        connection_limit_ = 1 + static_cast<Units>(chance_.below(kConnectionLimit));
        manager().set_limit(manager().root(), kConnections, {.units = connection_limit_});
        break;
    }
  }
  void begin_inbound() {
    const Interaction what = {.from = {1}, .to = kAsker, .deadline = scheduler_.now() + ms(10)};
    const Gate::Answer answer =
        gates_.inbound()->enter(kAsker, what, what.deadline, *this, ++last_inbound_);
    REQUIRE(answer.entry != GateEntry::kWaits);
    if (answer.entry == GateEntry::kEntered) inbound_[last_inbound_] = answer.pass;
  }
  void end_inbound() {
    const auto first = inbound_.begin();
    const GatePass pass = first->second;
    inbound_.erase(first);
    gates_.inbound()->leave(kAsker, pass);
  }
  void on_gate(std::uint64_t tag, GateNews news) override {
    REQUIRE(news == GateNews::kRevoked);
    REQUIRE(inbound_.erase(tag) == 1);
  }
  void check_limits() {
    manager().check();
    REQUIRE(held(kStreams) <= kStreamLimit);
    REQUIRE(held(kConnections) <= connection_limit_);
    REQUIRE(gates_.contacts()->connections(kAsker) == static_cast<std::size_t>(held(kConnections)));
  }
  void check_end() {
    for (std::uint64_t operation = 0; operation < 5; ++operation) {
      for (std::uint32_t contact = 1; contact < kNodes; ++contact) {
        const Interaction any = {.from = kAsker, .to = {contact}, .operation = operation};
        REQUIRE(gates_.contacts()->use_of(any) == DialledConnections::UseId{});
      }
      gates_.connection().operation_over(kAsker, operation);
    }
    REQUIRE(node().operations() == 0);
    REQUIRE(held(kStreams) == 0);
    REQUIRE(remotes_.exchanging + remotes_.negotiating == 0);
    if (SemaphoreGate* const negotiations = gates_.outbound_negotiation_slots()) {
      REQUIRE(negotiations->out(kAsker) == 0);
    }
    std::map<std::size_t, Told> answers;
    for (const Told& told : asker_.told) REQUIRE(answers.insert({told.call, told}).second);
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      REQUIRE(
          answers.contains(i));  // nothing waits under this rule, so nothing is given up in line
      check_answer(calls_[i], answers.at(i), remotes_.sent[i]);
    }
  }
  // Does the answer agree with what the remote has seen of it?
  static void check_answer(const Call& call, const Told& told, int sent) {
    REQUIRE(told.time >= call.begin);
    REQUIRE(told.time <= call.deadline);
    REQUIRE(sent <= 1);
    const bool dial = call.kind == InteractionKind::kDial;
    if (told.status == ReplyStatus::kNoSlot) REQUIRE(sent == 0);
    if (told.status == ReplyStatus::kRevoked) REQUIRE(sent == 1);
    if (dial) {
      REQUIRE(told.sent == (told.status != ReplyStatus::kNoSlot));
    } else {
      REQUIRE(told.sent == (sent == 1));
    }
  }

  Chance chance_;
  std::vector<Call> calls_;
  Scheduler scheduler_;
  NetworkScheduler nodes_;
  Population population_;
  ArenaBuckets buckets_{4};
  Remotes remotes_;
  ClientGates gates_;
  Asker asker_;
  std::map<std::uint64_t, GatePass> inbound_;
  std::uint64_t last_inbound_ = 0;
  Units connection_limit_ = kConnectionLimit;
};

}  // namespace

TEST_CASE("whatever is revoked, each call is answered once and nothing stays behind", "[limits]") {
  std::map<std::pair<bool, ReplyStatus>, int> seen;  // whether it was sent, and its end
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    CAPTURE(seed);
    Revoking node(seed);
    node.run();
    for (const Told& told : node.told()) ++seen[{told.sent, told.status}];
  }
  CHECK(seen[{true, ReplyStatus::kOk}] > 0);
  CHECK(seen[{true, ReplyStatus::kRevoked}] > 0);
  CHECK(seen[{false, ReplyStatus::kNoSlot}] > 0);
  CHECK(seen[{false, ReplyStatus::kOk}] > 0);  // agreed upon, but not awaited any more
}

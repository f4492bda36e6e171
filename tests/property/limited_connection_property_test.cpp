// Requests and dials through the limits of their sender, in random order and with random ways to
// end: against a naive model where gates are semaphores, and against the promises of the contract
// where slots and connections may be revoked.

#include "core/limit/client_gates.hpp"
#include "core/random/random_stream.hpp"
#include "sim/world/arena_buckets.hpp"
#include "sim/world/population.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <vector>

using namespace kadsim;

namespace {

constexpr PeerRef kAsker{0};
constexpr std::uint32_t kNodes = 8;
constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

// One request or dial, and how the remote will take it.
struct Call {
  InteractionKind kind;
  PeerRef to;
  std::uint64_t operation;
  SimTime begin;
  SimTime deadline;
  SimTime awaited_until;
  Duration negotiation;
  Duration exchange;
  bool agrees;         // the negotiation succeeds
  ReplyStatus status;  // so ends the request or the dial
};

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : stream_(seed, 0, "test"), random_(stream_, {0, 0, 0}) {}
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  // To the nanosecond, so that two things hardly ever happen in one instant.
  Duration up_to(Duration most) {
    const auto bound = static_cast<std::uint64_t>(most.ns());
    return Duration::nanoseconds(1 + static_cast<std::int64_t>(below(bound)));
  }
  Call call(bool dials) {
    static constexpr std::array kKinds = {
        InteractionKind::kGetClosestNodes, InteractionKind::kStoreSegment,
        InteractionKind::kRetrieveSegment, InteractionKind::kDial};
    Call call{};
    call.kind = kKinds[below(dials ? 4 : 3)];
    call.to = {1 + static_cast<std::uint32_t>(below(kNodes - 1))};
    call.operation = below(5);
    call.begin = SimTime() + up_to(ms(400));
    call.deadline = call.begin + up_to(ms(100));
    call.awaited_until = below(4) == 0 ? call.begin + up_to(ms(50)) : SimTime::max();
    call.negotiation = up_to(ms(20));
    call.exchange = up_to(ms(40));
    call.agrees = below(6) > 0;
    call.status = below(4) > 0 ? ReplyStatus::kOk : ReplyStatus::kNoAnswer;
    return call;
  }
  std::vector<Call> calls(std::size_t count, bool dials) {
    std::vector<Call> all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(call(dials));
    return all;
  }

 private:
  RandomStream stream_;
  RandomSequence random_;
};

struct Told {
  SimTime time;
  std::size_t call;
  ReplyStatus status;
  bool sent;
  auto operator<=>(const Told&) const = default;
};

// The remotes: each call ends as it says, by its deadline.
class Remotes final : public Connection {
 public:
  Remotes(Scheduler& scheduler, const std::vector<Call>& calls)
      : scheduler_(scheduler), calls_(calls) {}
  void dial(const Interaction& what, ReplyHandler& handler, std::uint64_t tag) override {
    exchange(what, handler, tag);
  }
  void negotiate(const Interaction& what, ReplyHandler& handler, std::uint64_t tag) override {
    const Call& call = calls_[what.contact_index];
    reply(what, call.negotiation, call.agrees ? ReplyStatus::kOk : ReplyStatus::kRefused, handler,
          tag, &negotiating);
  }
  void get_closest_nodes_to(const Interaction& what, const Hash&, ReplyHandler& handler,
                            std::uint64_t tag) override {
    exchange(what, handler, tag);
  }
  void store_segment(const Interaction& what, const Segment&, const RecordDetails*,
                     ReplyHandler& handler, std::uint64_t tag) override {
    exchange(what, handler, tag);
  }
  void retrieve_segment(const Interaction& what, const Hash&, ReplyHandler& handler,
                        std::uint64_t tag) override {
    exchange(what, handler, tag);
  }

  std::map<std::size_t, int> sent;  // how often each call was
  int negotiating = 0;              // under way
  int exchanging = 0;

 private:
  void exchange(const Interaction& what, ReplyHandler& handler, std::uint64_t tag) {
    const Call& call = calls_[what.contact_index];
    REQUIRE(what.kind == call.kind);
    ++sent[what.contact_index];
    reply(what, call.exchange, call.status, handler, tag, &exchanging);
  }
  void reply(const Interaction& what, Duration delay, ReplyStatus status, ReplyHandler& handler,
             std::uint64_t tag, int* under_way) {
    ++*under_way;
    const bool late = scheduler_.now() + delay > what.deadline;
    const SimTime end = late ? what.deadline : scheduler_.now() + delay;
    const ReplyStatus told = late ? ReplyStatus::kNoAnswer : status;
    replies_.push_back({what, &handler, tag, told, under_way});
    scheduler_.schedule_at(end, EventKind{"reply"}, 0, [this, index = replies_.size() - 1] {
      const Answer answer = replies_[index];
      --*answer.under_way;
      answer.handler->on_reply(answer.tag, answer.what, {.status = answer.status});
    });
  }

  struct Answer {
    Interaction what;
    ReplyHandler* handler;
    std::uint64_t tag;
    ReplyStatus status;
    int* under_way;
  };
  std::vector<Answer> replies_;
  Scheduler& scheduler_;
  const std::vector<Call>& calls_;
};

// Makes calls, and hears how they end.
class Asker final : public ReplyHandler {
 public:
  Asker(Scheduler& scheduler, std::vector<Call>& calls) : scheduler_(scheduler), calls_(calls) {}

  // `contacts`: connections are counted there, unless it is null.
  void begin_all(Connection& limited, const DialledConnections* contacts) {
    limited_ = &limited;
    contacts_ = contacts;
    for (std::size_t i = 0; i < calls_.size(); ++i) {
      scheduler_.schedule_at(calls_[i].begin, EventKind{"call"}, 0, [this, i] { begin(i); });
    }
  }
  void begin(std::size_t index) {
    const Call call = calls_[index];
    const Interaction interaction = {.kind = call.kind,
                                     .from = kAsker,
                                     .to = call.to,
                                     .operation = call.operation,
                                     .contact_index = static_cast<std::uint32_t>(index),
                                     .deadline = call.deadline};
    ++calling_;
    if (call.kind == InteractionKind::kDial) limited_->dial(interaction, *this, index);
    if (call.kind == InteractionKind::kGetClosestNodes) {
      limited_->get_closest_nodes_to(interaction, Hash(), *this, index);
    }
    if (call.kind == InteractionKind::kStoreSegment) {
      limited_->store_segment(interaction, {}, nullptr, *this, index);
    }
    if (call.kind == InteractionKind::kRetrieveSegment) {
      limited_->retrieve_segment(interaction, Hash(), *this, index);
    }
    --calling_;
  }
  bool awaits(std::uint64_t tag) const override {
    return scheduler_.now() < calls_[tag].awaited_until;
  }
  void on_reply(std::uint64_t tag, const Interaction& interaction, const Reply& reply) override {
    REQUIRE(calling_ == 0);
    REQUIRE(interaction.contact_index == tag);
    told.push_back({scheduler_.now(), tag, reply.status, reply.sent});
    // As clients do: the request follows its dial in the same call.
    if (reply.status == ReplyStatus::kOk && calls_[tag].kind == InteractionKind::kDial) {
      REQUIRE(contacts_->is_open(kAsker, interaction.to));
      Call request = calls_[tag];
      request.kind = InteractionKind::kRetrieveSegment;
      request.begin = scheduler_.now();
      request.deadline = std::max(request.deadline, scheduler_.now() + ms(20));
      calls_.push_back(request);
      begin(calls_.size() - 1);
    }
  }

  std::vector<Told> told;

 private:
  Scheduler& scheduler_;
  std::vector<Call>& calls_;
  Connection* limited_ = nullptr;
  const DialledConnections* contacts_ = nullptr;
  int calling_ = 0;  // calls that have not returned
};

// What becomes of requests where streams and negotiations are counted: two lines, first come,
// first served.
class Model {
 public:
  struct Limits {
    std::optional<std::size_t> streams;
    std::optional<std::size_t> negotiations;
    WaitRule rule;
  };
  Model(const std::vector<Call>& calls, const Limits& limits) : calls_(calls), limits_(limits) {
    for (std::size_t i = 0; i < calls.size(); ++i) at(calls[i].begin, Step::kBegin, i);
  }
  std::vector<Told> play() {
    while (!steps_.empty()) {
      const auto [time, step, call] = *steps_.begin();
      steps_.erase(steps_.begin());
      now_ = time;
      take(step, call);
    }
    return told_;
  }

 private:
  enum class Step { kBegin, kStreamWaitEnds, kNegotiationWaitEnds, kNegotiated, kReplied };
  struct Counted {
    std::set<std::size_t> out;     // calls that have a slot
    std::deque<std::size_t> line;  // calls that wait for one
  };

  void at(SimTime time, Step step, std::size_t call) { steps_.insert({time, step, call}); }
  void tell(std::size_t call, ReplyStatus status, bool sent) {
    told_.push_back({now_, call, status, sent});
  }
  bool awaited(std::size_t call) const { return now_ < calls_[call].awaited_until; }

  void take(Step step, std::size_t call) {
    switch (step) {
      case Step::kBegin:
        want(streams_, limits_.streams, Step::kStreamWaitEnds, call);
        break;
      case Step::kStreamWaitEnds:
        if (std::erase(streams_.line, call) > 0) tell(call, ReplyStatus::kNoSlot, false);
        break;
      case Step::kNegotiationWaitEnds:
        if (std::erase(negotiations_.line, call) == 0) break;
        tell(call, ReplyStatus::kNoSlot, false);
        leave(streams_, call);
        break;
      case Step::kNegotiated:
        negotiated(call);
        break;
      case Step::kReplied:
        tell(call, reply(calls_[call].status, call), true);
        leave(streams_, call);
        break;
    }
  }
  ReplyStatus reply(ReplyStatus status, std::size_t call) const {
    return now_ == calls_[call].deadline ? ReplyStatus::kNoAnswer : status;
  }
  void want(Counted& slots, std::optional<std::size_t> limit, Step wait_ends, std::size_t call) {
    if (!limit.has_value() || slots.out.size() < *limit) {
      slots.out.insert(call);
      go_on(slots, call);
      return;
    }
    const SimTime wait_end = limits_.rule.wait_end(now_, calls_[call].deadline);
    if (wait_end > now_) {
      slots.line.push_back(call);
      at(wait_end, wait_ends, call);
      return;
    }
    tell(call, ReplyStatus::kNoSlot, false);
    leave(streams_, call);
  }
  void go_on(const Counted& slots, std::size_t call) {
    const Call& what = calls_[call];
    if (&slots == &streams_ && limits_.negotiations.has_value()) {
      want(negotiations_, limits_.negotiations, Step::kNegotiationWaitEnds, call);
    } else if (&slots == &streams_) {
      at(std::min(now_ + what.exchange, what.deadline), Step::kReplied, call);
    } else {
      at(std::min(now_ + what.negotiation, what.deadline), Step::kNegotiated, call);
    }
  }
  void negotiated(std::size_t call) {
    const Call& what = calls_[call];
    const ReplyStatus status = reply(what.agrees ? ReplyStatus::kOk : ReplyStatus::kRefused, call);
    leave(negotiations_, call);
    if (status == ReplyStatus::kOk && awaited(call)) {
      at(std::min(now_ + what.exchange, what.deadline), Step::kReplied, call);
      return;
    }
    tell(call, status, false);
    leave(streams_, call);
  }
  // The slot, if the call has one, goes to the first in line that is still awaited.
  void leave(Counted& slots, std::size_t call) {
    if (slots.out.erase(call) == 0) return;
    if (slots.line.empty()) return;
    const std::size_t next = slots.line.front();
    slots.line.pop_front();
    slots.out.insert(next);
    if (awaited(next)) {
      go_on(slots, next);
      return;
    }
    leave(slots, next);
    leave(streams_, next);
  }

  const std::vector<Call>& calls_;
  Limits limits_;
  std::set<std::tuple<SimTime, Step, std::size_t>> steps_;
  Counted streams_;
  Counted negotiations_;
  std::vector<Told> told_;
  SimTime now_{};
};

}  // namespace

TEST_CASE("requests pass counted slots as a naive model says", "[limits]") {
  const OnLimit on_limit = GENERATE(as<OnLimit>{}, on_limit::Fail{}, on_limit::Wait{},
                                    on_limit::WaitFor{Duration::milliseconds(15)});
  const bool counts_streams = GENERATE(true, false);
  const bool negotiates = GENERATE(false, true);
  CAPTURE(on_limit.index(), counts_streams, negotiates);
  std::set<ReplyStatus> seen;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    std::vector<Call> calls = Chance(seed).calls(120, false);
    Scheduler scheduler;
    NetworkScheduler nodes(scheduler, kNodes);
    Remotes remotes(scheduler, calls);
    const WaitRule rule(on_limit);
    SemaphoreGate streams(nodes, 5, rule);
    SemaphoreGate negotiations(nodes, 2, rule);
    LimitedConnection limited({.scheduler = nodes,
                               .connection = remotes,
                               .streams = counts_streams ? &streams : nullptr,
                               .negotiations = negotiates ? &negotiations : nullptr});
    Asker asker(scheduler, calls);
    asker.begin_all(limited, nullptr);
    while (scheduler.run_one()) {
      if (counts_streams) REQUIRE(remotes.exchanging + remotes.negotiating <= 5);
      if (negotiates) REQUIRE(remotes.negotiating <= 2);
    }
    std::vector<Told> expected =
        Model(calls, {.streams = counts_streams ? std::optional(5U) : std::nullopt,
                      .negotiations = negotiates ? std::optional(2U) : std::nullopt,
                      .rule = rule})
            .play();
    std::ranges::sort(expected);
    std::ranges::sort(asker.told);
    REQUIRE(asker.told == expected);
    REQUIRE(streams.out(kAsker) + negotiations.out(kAsker) == 0);
    for (const Told& told : asker.told) seen.insert(told.status);
  }
  CHECK(seen.contains(ReplyStatus::kOk));
  CHECK(seen.contains(ReplyStatus::kNoSlot) == (counts_streams || negotiates));
}

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

// The connections of one node against a naive model of their rule. Dials, replies, uses, ends of
// operations, changes of the table and of the limit come in random order.

#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"
#include "tests/support/connections_model.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <vector>

using namespace kadsim;
using namespace kadsim::testing;

namespace {

// The node itself beside its model. Whatever is done is done to both, and both are compared.
class Pair final : private GateListener {
 public:
  Pair(std::uint64_t seed, const OnLimit& on_limit)
      : network_(made(seed, on_limit, scheduler_)),
        stream_(seed, 0, "test"),
        random_(stream_, {0, 0, 0}),
        model_{.table = network_->table(kNode),
               .k = bucket_size(seed),
               .rule = WaitRule(on_limit),
               .may_wait = may_wait(on_limit),
               .collect_after = kCollectAfter,
               .review_every = kReviewEvery,
               .limit = kLimit} {}

  void run(int steps) {
    for (int i = 0; i < steps; ++i) {
      step();
      if (random_.below(3) > 0) settle();
      compare();
    }
    wind_up();
  }
  const Counts& counts() const { return model_.counts; }

 private:
  static constexpr std::size_t kLimit = 3;
  static constexpr Duration kCollectAfter = ms(200);
  static constexpr Duration kReviewEvery = ms(500);
  static constexpr std::uint64_t kOperations = 4;

  static unsigned bucket_size(std::uint64_t seed) { return seed % 2 == 0 ? 1 : 2; }

  // A dial under way, or the use of a connection that is open.
  struct UnderWay {
    Interaction interaction;
    ResourceId connection{};
    std::uint64_t link = 0;
    SimTime begun{};
    DialledConnections::UseId use{};
    std::uint64_t model_use = 0;
  };

  static std::unique_ptr<DhtNetwork> made(std::uint64_t seed, const OnLimit& on_limit,
                                          Scheduler& scheduler) {
    NetworkSetup setup = plain_setup(seed, bucket_size(seed));
    setup.client.resources = {.manager = ManagerOptions{.limits = {.connections = kLimit},
                                                        .collect_after = kCollectAfter,
                                                        .review_every = kReviewEvery},
                              .on_limit = on_limit};
    return DhtNetwork::init_with_hashes(random_hashes(seed, 10), setup, scheduler);
  }
  DialledConnections& contacts() { return *network_->gates()->contacts(); }
  std::uint32_t a_contact() {
    const auto contact = static_cast<std::uint32_t>(random_.below(9));
    return contact < kNode.value ? contact : contact + 1;
  }
  Duration up_to(Duration most) {
    const auto bound = static_cast<std::uint64_t>(most.ns()) + 1;
    return Duration::nanoseconds(static_cast<std::int64_t>(random_.below(bound)));
  }
  Interaction an_interaction() {
    const Duration patience = up_to(ms(100)) + Duration::nanoseconds(1);
    return {.kind = InteractionKind::kDial,
            .from = kNode,
            .to = {a_contact()},
            .operation = random_.below(kOperations),
            .deadline = scheduler_.now() + patience};
  }

  void step() {
    switch (random_.below(12)) {
      case 0:
      case 1:
      case 2:
        connect();
        break;
      case 3:
      case 4:
        end_a_dial();
        break;
      case 5:
        use(an_interaction());
        break;
      case 6:
      case 7:
        end_a_use();
        break;
      case 8:
        end_operation(random_.below(kOperations));
        break;
      case 9:
        change_table();
        break;
      case 10:
        pass(random_.below(20) == 0 ? ms(300) : up_to(ms(40)));
        break;
      case 11:
        if (random_.below(4) == 0) set_limit(random_.below(kLimit + 1));
        break;
      default:
        break;
    }
  }

  // What is told in the same instant.
  void settle() {
    model_.settle();
    scheduler_.run_until(scheduler_.now());
  }
  void connect() {
    const Interaction dial = an_interaction();
    const std::uint64_t tag = dials_.size();
    dials_.push_back(dial);
    const Entry expected = model_.connect(dial.operation, dial.to.value, tag, dial.deadline);
    const Entry entry = contacts().connect(dial, *this, tag);
    REQUIRE(entry == expected);
    if (entry == Entry::kMayDial) {
      ++model_.find(dial.to.value)->dials;
      begin_dial(dial);
    }
    if (entry == Entry::kConnected) using_.push_back(under_way(dial));
  }
  UnderWay under_way(const Interaction& interaction) {
    return {.interaction = interaction,
            .connection = contacts().connection(kNode, interaction.to),
            .link = model_.find(interaction.to.value)->number,
            .begun = scheduler_.now(),
            .use = contacts().use_of(interaction),
            .model_use = model_.use_of(interaction.operation, interaction.to.value)};
  }
  void begin_dial(const Interaction& dial) {
    contacts().dialling(dial);
    dialling_.push_back(under_way(dial));
  }
  UnderWay take_one(std::vector<UnderWay>& all) {
    std::swap(all[random_.below(all.size())], all.back());
    const UnderWay taken = all.back();
    all.pop_back();
    return taken;
  }
  void end_a_dial() {
    if (dialling_.empty()) return;
    const UnderWay dial = take_one(dialling_);
    const bool connected = random_.below(3) > 0;
    const bool expected = model_.dialled(dial.link, dial.interaction.to.value, connected);
    REQUIRE(contacts().dialled(dial.interaction, dial.connection, connected,
                               scheduler_.now() - dial.begun) == expected);
    if (connected && random_.below(2) == 0) use(dial.interaction);
    release(dial);
  }
  void use(const Interaction& request) {
    model_.collect();
    ConnectionsModel::Link* const link = model_.find(request.to.value);
    if (link != nullptr) model_.use(request.operation, *link);
    const DialledConnections::UseId use = contacts().use(request);
    REQUIRE((use == DialledConnections::UseId{}) == (link == nullptr));
    if (link != nullptr) using_.push_back(under_way(request));
  }
  void end_a_use() {
    if (!using_.empty()) release(take_one(using_));
  }
  void release(const UnderWay& over) {
    model_.release(over.interaction.operation, over.interaction.to.value, over.model_use);
    contacts().release(over.interaction, over.use);
  }
  void end_operation(std::uint64_t operation) {
    model_.operation_over(operation);
    contacts().operation_over(kNode, operation);
  }
  void change_table() {
    RoutingTable table = network_->table(kNode);
    const PeerRef contact{a_contact()};
    if (table.contains(contact)) {
      table.remove(contact);
    } else {
      table.add(contact);
    }
  }
  void set_limit(std::size_t connections) {
    model_.set_limit(connections);
    manager().set_limit(manager().root(), kConnections, {.units = static_cast<Units>(connections)});
  }
  void pass(Duration time) {
    settle();
    model_.pass(scheduler_.now() + time);
    scheduler_.run_for(time);
  }

  void on_gate(std::uint64_t tag, GateNews news) override {
    heard_.push_back({tag, news});
    if (news != GateNews::kEntered) return;
    const Interaction& dial = dials_[tag];
    if (contacts().is_open(kNode, dial.to)) {
      using_.push_back(under_way(dial));
    } else {
      begin_dial(dial);
    }
  }

  ResourceManager& manager() { return network_->gates()->managers()->of(kNode).manager(); }
  void compare() {
    REQUIRE(heard_ == model_.told);
    REQUIRE(contacts().connections(kNode) == model_.links.size());
    REQUIRE(manager().used(manager().root(), kConnections) == static_cast<Units>(model_.held()));
    for (std::uint32_t contact = 0; contact < 10; ++contact) {
      const ConnectionsModel::Link* const link = model_.find(contact);
      REQUIRE((contacts().connection(kNode, {contact}) != ResourceId{}) == (link != nullptr));
      REQUIRE(contacts().is_open(kNode, {contact}) == (link != nullptr && link->open));
    }
    const Counts counts = contacts().counts();
    const Counts expected = model_.counts_now();
    REQUIRE(counts.dials.entered == expected.dials.entered);
    REQUIRE(counts.dials.waited == expected.dials.waited);
    REQUIRE(counts.dials.refused == expected.dials.refused);
    REQUIRE(counts.dials.revoked == expected.dials.revoked);
    REQUIRE(counts.reused == expected.reused);
    REQUIRE(counts.collected == expected.collected);
    manager().check();
  }
  // Nothing is held afterwards but what buckets keep, and every waiter has heard.
  void wind_up() {
    pass(ms(101));
    while (!dialling_.empty()) end_a_dial();
    while (!using_.empty()) end_a_use();
    for (std::uint64_t operation = 0; operation < kOperations; ++operation) {
      end_operation(operation);
    }
    compare();
    REQUIRE(model_.uses.empty());
    REQUIRE(network_->gates()->managers()->of(kNode).operations() == 0);
    REQUIRE(manager().waiting() == 0);
    REQUIRE(heard_.size() == model_.counts.dials.waited);
    pass(kCollectAfter);
    use(an_interaction());  // the node is looked at again
    const auto kept = std::ranges::count_if(model_.links, &ConnectionsModel::Link::kept);
    REQUIRE(contacts().connections(kNode) <= static_cast<std::size_t>(kept) + using_.size());
  }

  Scheduler scheduler_;
  std::unique_ptr<DhtNetwork> network_;
  RandomStream stream_;
  RandomSequence random_;
  ConnectionsModel model_;
  std::vector<Interaction> dials_;  // by tag
  std::vector<UnderWay> dialling_;
  std::vector<UnderWay> using_;
  std::vector<Told> heard_;
};

}  // namespace

TEST_CASE("the connections of a node are those of a naive model", "[limits]") {
  const OnLimit on_limit = GENERATE(as<OnLimit>{}, on_limit::Fail{}, on_limit::Wait{},
                                    on_limit::Revoke{}, on_limit::WaitFor{ms(30)});
  CAPTURE(on_limit.index());
  Counts all{};
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Pair pair(seed, on_limit);
    pair.run(400);
    all.dials.waited += pair.counts().dials.waited;
    all.dials.refused += pair.counts().dials.refused;
    all.dials.revoked += pair.counts().dials.revoked;
    all.reused += pair.counts().reused;
    all.collected += pair.counts().collected;
  }
  // All of it has happened.
  CHECK((all.dials.waited > 0) == may_wait(on_limit));
  CHECK(all.dials.refused > 0);
  CHECK(all.dials.revoked > 0);
  CHECK(all.reused > 0);
  CHECK(all.collected > 0);
}

// The connections of one node against a naive model of the rule at DialledConnections: plain lists,
// walked at every step. Dials, replies, uses, ends of operations, changes of the table and of the
// limit come in random order.

#include "core/limit/dialled_connections.hpp"
#include "core/random/random_stream.hpp"
#include "tests/catch.hpp"
#include "tests/support/small_networks.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <tuple>
#include <vector>

using namespace kadsim;

namespace {

using Entry = DialledConnections::Entry;
using Counts = DialledConnections::Counts;

constexpr PeerRef kNode{2};
constexpr Duration ms(std::int64_t n) { return Duration::milliseconds(n); }

bool may_wait(const OnLimit& on_limit) {
  return std::holds_alternative<on_limit::Wait>(on_limit) ||
         std::holds_alternative<on_limit::WaitFor>(on_limit);
}

struct Told {
  std::uint64_t tag;
  GateNews news;
  bool operator==(const Told&) const = default;
};

// What the node should do. Connections are numbered in the order of their beginnings.
struct Model {
  struct Link {
    std::uint64_t number;
    std::uint32_t contact;
    std::set<std::uint64_t> users;  // operations
    int dials = 0;
    bool open = false;
    bool kept = false;
    SimTime unused_since{};
  };
  struct Use {
    std::uint64_t number;
    std::uint64_t link;
    int shares;
  };
  struct Waiting {
    std::uint64_t operation;
    std::uint32_t contact;
    std::uint64_t tag;
    SimTime deadline;
    std::uint64_t link = 0;  // once it is granted; 0 again if that is revoked
  };
  using UseKey = std::pair<std::uint64_t, std::uint32_t>;  // operation and contact

  RoutingTable table;
  unsigned k;
  WaitRule rule;
  bool may_wait;
  Duration collect_after;
  Duration review_every;
  std::size_t limit;

  SimTime now{};
  std::vector<Link> links{};
  std::map<UseKey, Use> uses{};
  std::deque<Waiting> line{};
  std::deque<Waiting> granted{};
  std::vector<Told> told{};
  Counts counts{};
  std::uint64_t last = 0;
  SimTime last_review{};

  Link* find(std::uint32_t contact) {
    const auto at = std::ranges::find(links, contact, &Link::contact);
    return at == links.end() ? nullptr : &*at;
  }
  void erase(std::uint64_t number) {
    std::erase_if(links, [&](const Link& link) { return link.number == number; });
  }
  static bool holds(const Waiting& waiting) { return waiting.link != 0; }
  std::size_t held() const {
    return links.size() + static_cast<std::size_t>(std::ranges::count_if(granted, holds));
  }
  bool full() const { return held() >= limit; }
  void grant() {
    while (!line.empty() && !full()) {
      line.front().link = ++last;
      granted.push_back(line.front());
      line.pop_front();
    }
  }
  bool due(const Link& link) const {
    return link.users.empty() && !link.kept && link.unused_since + collect_after <= now;
  }
  void collect() {
    counts.collected += std::erase_if(links, [&](const Link& link) { return due(link); });
    grant();
  }
  bool give_way() {
    const auto rank = [](const Link& link) {
      return std::tuple(!link.users.empty(), link.kept, link.unused_since, link.contact);
    };
    const auto first = std::ranges::min_element(links, {}, rank);
    if (first == links.end() || !first->users.empty()) return false;
    erase(first->number);
    ++counts.collected;
    grant();
    return true;
  }

  void begin(std::uint64_t operation, std::uint32_t contact, std::uint64_t link) {
    links.push_back({.number = link, .contact = contact, .users = {operation}});
    uses[{operation, contact}] = {++last, link, 1};
  }
  void use(std::uint64_t operation, Link& link) {
    const auto at = uses.find({operation, link.contact});
    if (at != uses.end() && at->second.link == link.number) {
      ++at->second.shares;
      return;
    }
    uses[{operation, link.contact}] = {++last, link.number, 1};
    link.users.insert(operation);
  }
  std::uint64_t use_of(std::uint64_t operation, std::uint32_t contact) const {
    const auto at = uses.find({operation, contact});
    return at == uses.end() ? 0 : at->second.number;
  }
  void end_use(UseKey key) {
    const Use over = uses.at(key);
    uses.erase(key);
    Link* const link = find(key.second);
    if (link == nullptr || link->number != over.link) return;
    link->users.erase(key.first);
    if (!link->users.empty()) return;
    link->unused_since = now;
    if (!link->open && link->dials == 0) erase(link->number);
    grant();
  }
  void make_room_for_waiters() {
    const auto any_without_room = [this] {
      return !line.empty() || !std::ranges::all_of(granted, holds);
    };
    while (any_without_room() && full() && give_way()) {
    }
  }

  Entry connect(std::uint64_t operation, std::uint32_t contact, std::uint64_t tag,
                SimTime deadline) {
    collect();
    if (Link* const link = find(contact)) {
      use(operation, *link);
      ++(link->open ? counts.reused : counts.dials.entered);
      return link->open ? Entry::kConnected : Entry::kMayDial;
    }
    if (line.empty() && granted.empty()) {
      while (full() && give_way()) {
      }
    }
    if (!full()) {
      begin(operation, contact, ++last);
      ++counts.dials.entered;
      return Entry::kMayDial;
    }
    if (!may_wait) {
      ++counts.dials.refused;
      return Entry::kRefused;
    }
    line.push_back({operation, contact, tag, rule.wait_end(now, deadline)});
    ++counts.dials.waited;
    return Entry::kWaits;
  }
  bool dialled(std::uint64_t number, std::uint32_t contact, bool connected) {
    Link* const link = find(contact);
    if (link == nullptr || link->number != number) return false;
    --link->dials;
    if (connected) {
      link->open = true;
      const unsigned index = table.bucket_index({contact});
      const auto kept = std::ranges::count_if(links, [&](const Link& other) {
        return other.kept && table.bucket_index({other.contact}) == index;
      });
      link->kept = link->kept || (table.contains({contact}) && kept < static_cast<int>(k));
    } else if (!link->open && link->dials == 0 && link->users.empty()) {
      erase(number);
      grant();
    }
    return true;
  }
  void release(std::uint64_t operation, std::uint32_t contact, std::uint64_t use) {
    if (use == 0 || use_of(operation, contact) != use) return;
    if (--uses.at({operation, contact}).shares > 0) return;
    end_use({operation, contact});
    make_room_for_waiters();
  }
  void operation_over(std::uint64_t operation) {
    for (std::uint32_t contact = 0; contact < 100; ++contact) {
      if (uses.contains({operation, contact})) end_use({operation, contact});
    }
    make_room_for_waiters();
    if (now < last_review + review_every) return;
    last_review = now;
    collect();
    for (Link& link : links) link.kept = link.kept && table.contains({link.contact});
  }
  // Idle ones are revoked first, then any, each time the newest.
  void set_limit(std::size_t connections) {
    limit = connections;
    while (held() > limit) revoke_lowest();
    grant();
  }
  void revoke_lowest() {
    const auto rank = [](const Link& link) {
      return std::pair(link.users.empty() && !link.kept, link.number);
    };
    const auto lowest = std::ranges::max_element(links, {}, rank);
    const auto newest = std::ranges::max_element(granted, {}, &Waiting::link);
    const bool in_line = newest != granted.end() && holds(*newest);
    if (in_line && (lowest == links.end() || rank(*lowest) < std::pair(false, newest->link))) {
      newest->link = 0;
      return;
    }
    erase(lowest->number);
    ++counts.dials.revoked;
  }

  // What happens by itself, now.
  void settle() {
    while (!granted.empty()) {
      const Waiting entered = granted.front();
      granted.pop_front();
      if (!holds(entered)) {
        ++counts.dials.refused;
        told.push_back({entered.tag, GateNews::kRefused});
        continue;
      }
      Link* link = find(entered.contact);
      if (link == nullptr) {
        begin(entered.operation, entered.contact, entered.link);
        link = &links.back();
      } else {
        grant();
        use(entered.operation, *link);
      }
      ++(link->open ? counts.reused : counts.dials.entered);
      if (!link->open) ++link->dials;
      told.push_back({entered.tag, GateNews::kEntered});
    }
  }
  void pass(SimTime until) {
    while (!line.empty()) {
      const auto first = std::ranges::min_element(line, {}, &Waiting::deadline);
      if (first->deadline > until) break;
      told.push_back({first->tag, GateNews::kRefused});
      ++counts.dials.refused;
      line.erase(first);
    }
    now = until;
  }
  Counts counts_now() const {
    Counts all = counts;
    for (const Link& link : links) all.collected += due(link) ? 1U : 0U;
    return all;
  }
};

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
    Model::Link* const link = model_.find(request.to.value);
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
      const Model::Link* const link = model_.find(contact);
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
    const auto kept = std::ranges::count_if(model_.links, &Model::Link::kept);
    REQUIRE(contacts().connections(kNode) <= static_cast<std::size_t>(kept) + using_.size());
  }

  Scheduler scheduler_;
  std::unique_ptr<DhtNetwork> network_;
  RandomStream stream_;
  RandomSequence random_;
  Model model_;
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
